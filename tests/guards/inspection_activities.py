"""Year plans, inspections and their conclusions."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from inspection.models import Check, Conclusion, Inspection, InspectionPlan, PlanItem, TeamMember, VisitedOrgan
from massline.time import today
from tests.guards import refused
from tests.inspection_activity_lab import conclusion_in, does, inspection_in, plan_in
from tests.inspection_lab import add_office


def plan(city, state="draft"):
    return InspectionPlan.objects.filter(pk=plan_in(add_office(city), state).pk)


def inspection(city, state="proposed", **more):
    return Inspection.objects.filter(pk=inspection_in(add_office(city), state, **more).pk)


def visited(city, state="proposed"):
    return VisitedOrgan.objects.filter(inspection=inspection(city, state).get())


def check(city):
    return Check.objects.filter(inspection=inspection(city, "going").get())


def conclusion(city, state="served"):
    return Conclusion.objects.filter(pk=conclusion_in(add_office(city), state).pk)


def at_once():
    """What is looked at when the transaction ends is looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@refused("inspection_inspectionplan_number_key")
def _(city):
    plan(city).update(number=plan_in(city, "draft").number)


@refused("plan_state")
def _(city):
    plan(city).update(state="lost")


@refused("plan_year")
def _(city):
    plan(city).update(year=1066)


@refused("one_plan_a_year")
def _(city):
    plan(city, "approved")
    plan(city).update(state="approved")


@refused("plan_item_once")
def _(city):
    PlanItem.objects.create(plan=plan(city).get(), item=1, title="再来一次")


@refused("plan_item_number")
def _(city):
    PlanItem.objects.filter(plan=plan(city).get(), item=1).update(item=51)


@refused("plan_item_stays")
def another_wording_after_the_approval(city):
    PlanItem.objects.filter(plan=plan(city, "approved").get(), item=1).update(title="另一项")


@refused("plan_item_stays")
def one_more_after_the_approval(city):
    PlanItem.objects.create(plan=plan(city, "approved").get(), item=9, title="再加一项")


@refused("inspection_inspection_number_key")
def _(city):
    one = inspection(city)
    one.update(number=inspection(city).get().number)


@refused("inspection_state")
def _(city):
    inspection(city).update(state="lost")


@refused("inspection_type")
def _(city):
    inspection(city).update(type="raid")


@refused("inspection_track")
def _(city):
    inspection(city).update(track="private")


@refused("inspection_planned_or_approved_alone")
def of_no_plan_and_approved_by_nobody(city):
    inspection(city).update(approver=None)


@refused("inspection_planned_or_approved_alone")
def of_a_plan_and_approved_alone(city):
    found = inspection(city)
    found.update(plan_item=plan(city, "approved").get().items.get(item=1))


@refused("inspection_of_the_plan")
def of_a_plan_that_nobody_approved(city):
    found = inspection(city)
    found.update(plan_item=plan(city).get().items.get(item=1), approver=None)


@refused("inspection_days")
def _(city):
    inspection(city).update(last_day=today() - timedelta(days=3))


@refused("inspection_has_a_head")
def _(city):
    inspection(city).update(handler=None)


@refused("inspection_scope")
def of_no_matter(city):
    inspection(city).update(category="")


@refused("inspection_scope")
def of_another_matter(city):
    inspection(city).update(scope="0000")


@refused("inspection_exclusive")
def not_merged_and_yet_at_the_same_time(city):
    inspection(city).update(exclusive=False)


@refused("visited_on_the_days")
def _(city):
    visited(city).update(last_day=today() + timedelta(days=90))


@refused("no_repeated_inspection")
def _(city):
    same = inspection(city).get()
    other = inspection(city, organ="district_department", category=same.category).get()
    VisitedOrgan.objects.filter(inspection=other).update(organ=city.organ["other"])


@refused("visited_item_once")
def _(city):
    one = visited(city).get()
    VisitedOrgan.objects.create(
        inspection=one.inspection, item=1, organ=city.organ["district"], first_day=one.first_day,
        last_day=one.last_day, scope=one.scope, exclusive=True,
    )  # fmt: skip


@refused("visited_once")
def _(city):
    one = visited(city)
    does(city, one.get().inspection, "dc_clerk", "add_organ")
    VisitedOrgan.objects.filter(inspection=one.get(item=1).inspection, item=2).update(organ=city.organ["other"])


@refused("visited_item")
def _(city):
    visited(city).update(item=0)


@refused("visited_outcome")
def approved_and_not_proposed(city):
    visited(city).update(approval="yes")


@refused("team_member_once")
def _(city):
    one = inspection(city).get()
    TeamMember.objects.create(inspection=one, post=city.post["colleague"])


@refused("recusal_has_a_day")
def _(city):
    TeamMember.objects.filter(inspection=inspection(city).get()).update(reason="亲属")


@refused("team_of_two")
def one_is_recused_and_another_is_left_alone(city):
    TeamMember.objects.filter(inspection=inspection(city).get(), post=city.post["colleague"]).update(
        recused_at=timezone.now()
    )
    at_once()


@refused("check_once")
def _(city):
    Check.objects.create(inspection=check(city).get().inspection, item=1, question="再问一次")


@refused("check_item")
def _(city):
    check(city).update(item=0)


@refused("check_found_by_whom")
def found_by_nobody(city):
    check(city).update(found="fine")


@refused("inspection_conclusion_number_key")
def _(city):
    one = conclusion(city)
    one.update(number=conclusion(city).get().number)


@refused("conclusion_state")
def _(city):
    conclusion(city).update(state="lost")


@refused("conclusion_served")
def served_by_nobody(city):
    conclusion(city).update(concluded_by=None)


@refused("conclusion_decision")
def decided_without_a_decision(city):
    conclusion(city, "objected").update(state="decided")


@refused("one_conclusion_an_organ")
def _(city):
    one = conclusion(city).get()
    Conclusion.objects.create(
        number="DL20260101-000001", inspection=one.inspection, organ=one.organ, office=one.office, title="再来一份"
    )
