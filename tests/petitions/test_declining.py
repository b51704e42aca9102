"""What an organ wants to decline is decided by the petition office that forwarded it: dates and sight, all by hand."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from citizens.models import CitizenNotification, Complained
from massline.acts import Refused, WrongState
from petitions.models import Demand, State
from records.models import ActText
from responsibility.models import Appointment, Obligation, Post
from tests.api import Api
from tests.chain_lab import at, names, sh, sweep_at
from tests.city import DECLINE, act, file_petition, tell_all, walk_to
from tests.reader import page, tracked, words

pytestmark = pytest.mark.django_db
REFUSED = {"reason": "该小区的物业由你局主管"}
VERIFIED = {"note": "已调阅立案通知书"}

# (forwarded, declined, the office decides until the end of, the petitioner is answered until the end of)
DATES = [
    # Friday 13, Monday 16 to Thursday 19 November; 15 days after the 10th
    ("2026-11-10 10:00", "2026-11-12 16:00", "2026-11-19", "2026-11-25"),
    # 29 and 30 September, 8 and 9 October and Saturday the 10th, worked for the holidays; the 7th is a day off
    ("2026-09-22 10:00", "2026-09-28 09:00", "2026-10-10", "2026-10-08"),
    # a Saturday: from Monday to Friday; the 29th is a Sunday, so Monday
    ("2026-11-14 10:00", "2026-11-21 20:00", "2026-11-27", "2026-11-30"),
    # Monday 28 to Thursday 31 December and, after New Year's Day, Monday the 4th, for all that is known
    ("2026-12-20 10:00", "2026-12-25 11:00", "2027-01-04", "2027-01-04"),
]


def owed(demand: Demand, rule: str) -> Obligation:
    return Obligation.objects.about("petition", demand.pk).filter(rule=rule).latest("id")


def declined(forwarded: str, when: str) -> SimpleNamespace:
    with at(forwarded) as now:
        filed = walk_to(State.FORWARDED, file_petition(received_at=now))
    with at(when):
        filed.demand = act(filed.demand, "receiver", "decline", DECLINE)
    return filed


@pytest.mark.parametrize(("forwarded", "when", "decided", "answered"), DATES)
def test_the_office_decides_in_five_working_days_and_the_organs_own_period_runs_on(
    city: SimpleNamespace, forwarded: str, when: str, decided: str, answered: str
) -> None:
    demand = declined(forwarded, when).demand
    assert (demand.state, demand.organ) == (State.DECLINING, city.organ["department"])
    office, organ = owed(demand, "ML04"), owed(demand, "XF03")
    assert (office.organ, office.post, str(office.due_legal)) == (city.organ["office"], city.post["clerk"], decided)
    assert (organ.closed_at, organ.opened_at, str(organ.due_legal)) == (None, sh(forwarded), answered)
    assert demand.due_at == min(office.due_at, organ.due_at)


@pytest.mark.parametrize(("forwarded", "when", "decided", "answered"), DATES)
def test_disagreeing_wins_no_time_and_costs_none(
    city: SimpleNamespace, forwarded: str, when: str, decided: str, answered: str
) -> None:
    filed = declined(forwarded, when)
    with at(f"{when[:10]} 23:30"):
        demand = act(filed.demand, "chief", "disagree", REFUSED)
    assert (demand.state, demand.organ) == (State.FORWARDED, city.organ["department"])
    assert owed(demand, "ML04").outcome == "met"
    organ = owed(demand, "XF03")
    assert (organ.closed_at, organ.opened_at, str(organ.due_legal)) == (None, sh(forwarded), answered)
    assert demand.due_at == organ.due_at
    assert Obligation.objects.about("petition", demand.pk).filter(rule="XF03").count() == 1


def test_an_office_that_does_not_decide_is_overdue_itself(city: SimpleNamespace) -> None:
    """Until 19 November; told on Friday the 20th; after three working days its top post is told as well."""
    filed = declined("2026-11-10 10:00", "2026-11-12 16:00")
    sweep_at("2026-11-19 23:59")
    assert owed(filed.demand, "ML04").breached_at is None
    sweep_at("2026-11-20 00:00")
    assert owed(filed.demand, "ML04").breached_at == sh("2026-11-20")
    assert names("overdue", obligation__rule="ML04") == {"clerk"}
    sweep_at("2026-11-25 23:59")
    assert names("escalated", obligation__rule="ML04") == set()
    sweep_at("2026-11-26")
    assert names("escalated", obligation__rule="ML04") == {"chief"}
    with at("2026-11-26 10:00"):
        demand = act(filed.demand, "chief", "agree", VERIFIED)
    assert (demand.state, owed(demand, "ML04").outcome) == (State.NOT_ACCEPTED, "late")


def test_the_petitioner_hears_why_only_when_the_office_has_agreed(city: SimpleNamespace) -> None:
    filed = declined("2026-11-10 10:00", "2026-11-12 16:00")
    number = filed.number
    with at("2026-11-13 09:00"):
        before = words(tracked(filed))
        desk = page(city.clerk, f"/desk/petitions/{number}/")
    assert "拟不予受理，待核实" in before and "试水市住房和城乡建设局认为不应受理，报请信访部门核实" in before
    assert "已进入诉讼程序" not in before and "试水市中级人民法院" not in before
    assert "已进入诉讼程序" in desk and "试水市中级人民法院" in desk, "whoever decides reads what was proposed"
    assert not CitizenNotification.objects.filter(letter="declined").exists()
    with at("2026-11-16 09:00"):
        act(filed.demand, "clerk", "agree", VERIFIED)
        after = words(tracked(filed))
        letter = CitizenNotification.objects.get(letter="declined")
    assert "信访部门已核实同意，试水市住房和城乡建设局不予受理" in after
    assert "已进入诉讼程序" in after and "试水市中级人民法院" in after
    assert "已调阅立案通知书" not in after, "what the office checked is for officials"
    assert letter.office == city.organ["department"] and letter.made_at == sh("2026-11-16 09:00")
    assert "理由：已进入诉讼程序" in letter.text and "提出：试水市中级人民法院" in letter.text


def test_what_was_proposed_first_and_refused_is_never_told(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    for who, slug, data in (
        ("receiver", "decline", {"reason": "不归我们管", "where_to_go": "别处"}),
        ("clerk", "disagree", REFUSED),
        ("leader", "decline", DECLINE),
        ("clerk", "agree", VERIFIED),
    ):
        filed.demand = act(filed.demand, who, slug, data)
    letter, seen = CitizenNotification.objects.get(letter="declined").text, words(tracked(filed))
    assert "已进入诉讼程序" in letter and "不归我们管" not in letter
    assert "已进入诉讼程序" in seen and "不归我们管" not in seen and "由你局主管" not in seen
    assert set(ActText.objects.filter(public=True).values_list("text", flat=True)) == set(DECLINE.values())


def test_who_received_it_directly_declines_alone(city: SimpleNamespace) -> None:
    demand = act(walk_to(State.REGISTERED).demand, "clerk", "decline", DECLINE)
    assert demand.state == State.NOT_ACCEPTED
    assert CitizenNotification.objects.get(letter="declined").office == city.organ["office"]
    assert [o.rule for o in Obligation.objects.open()] == ["ML06"], "only the petitioner is still to be told"
    tell_all(demand)
    demand.refresh_from_db()
    assert demand.due_at is None and not Obligation.objects.open().exists()


def test_whoever_proposed_it_does_not_agree_to_it(city: SimpleNamespace) -> None:
    """The same person, in two posts: receives in the department and stands in as clerk."""
    desk = Post.objects.create(organ=city.organ["office"], name="登记二岗", is_intake=True)
    Appointment.objects.create(user=city.receiver, post=desk, since=timezone.localdate())
    demand = walk_to(State.DECLINING).demand
    for slug, data in (("agree", VERIFIED), ("disagree", REFUSED)):
        with pytest.raises(Refused, match="不能自己核实"):
            act(demand, "receiver", slug, data)
    assert act(demand, "clerk", "agree", VERIFIED).state == State.NOT_ACCEPTED


def test_an_organ_does_not_wait_for_an_office_where_all_are_complained_about(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    for user in (city.clerk, city.chief):
        Complained.objects.create(filing=filed.petition.filing, kind="person", name=user.name, user=user)
    with pytest.raises(Refused):
        act(filed.demand, "deputy", "agree", VERIFIED)
    assert act(filed.demand, "receiver", "decline", DECLINE).state == State.NOT_ACCEPTED


def test_declining_through_rest(city: SimpleNamespace) -> None:
    filed = walk_to(State.FORWARDED)
    path = f"/petitions/{filed.number}/acts"
    assert Api(city.receiver).post(f"{path}/decline/", DECLINE).json()["state"] == "declining"
    listed = Api(city.clerk).get("/petitions/", {"state": "declining"}).json()["results"]
    assert [row["number"] for row in listed] == [filed.number]
    assert Api(city.clerk).post(f"{path}/agree/", {}).status_code == 422
    done = Api(city.clerk).post(f"{path}/agree/", VERIFIED).json()
    assert done["state"] == "not_accepted" and done["due_legal"], "until the petitioner is told"
    tell_all(filed.demand)
    assert Api(city.clerk).get(f"/petitions/{filed.number}/").json()["due_legal"] is None


def test_meanwhile_nothing_else_ends_it_but_the_petitioner(city: SimpleNamespace) -> None:
    filed = walk_to(State.DECLINING)
    for who, slug, data in (
        ("receiver", "accept", {}),
        ("receiver", "decline", DECLINE),
        ("receiver", "object", {"reason": "不属于"}),
    ):
        with pytest.raises(WrongState):
            act(filed.demand, who, slug, data)
    demand = act(filed.demand, "citizen", "withdraw", {"reason": "已经解决"})
    assert demand.state == State.WITHDRAWN and not Obligation.objects.open().exists()
