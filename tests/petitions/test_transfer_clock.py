"""The receipt is due in five working days (SV04); it climbs the line of discipline organs and no other (Art. 30)."""

from types import SimpleNamespace

import pytest
from django.test import Client

from responsibility.chain import line_above
from responsibility.duties import DISCIPLINE
from responsibility.models import Escalation, Notice, Obligation, Organ
from responsibility.outbox.deliver import deliver
from responsibility.sweep import sweep
from tests.api import Api
from tests.chain_lab import at, sh
from tests.city import SINCE, act, file_petition
from tests.mail_lab import post_office
from tests.reader import page
from tests.responsibility.test_notices import wants_mail
from tests.transfer_lab import add_discipline, handed_over, receipt

pytestmark = pytest.mark.django_db
TUESDAY = "2026-09-08 10:00"
"""Five working days later it is the 15th; the 16th is the first day over."""


def told() -> set[tuple[str, str]]:
    about = Notice.objects.filter(subject_key__startswith="YS")
    return set(about.values_list("recipient__username", "kind"))


def sweep_at(*days: str) -> None:
    for day in days:
        with at(day):
            sweep(sh(day))


def test_it_is_due_in_five_working_days(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at(TUESDAY):
        handed_over()
    owed = Obligation.objects.get(rule="SV04")
    assert (str(owed.due_strict), str(owed.due_legal)) == ("2026-09-15", "2026-09-15")
    assert owed.requirement == "内部规定（待确认）"


def test_it_climbs_to_the_discipline_organ_above_and_to_nobody_else(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at(TUESDAY):
        handed_over()
    sweep_at("2026-09-11", "2026-09-16")
    assert told() == {("letters", "warning"), ("letters", "overdue")}
    sweep_at("2026-09-22")
    assert ("jiwei_head", "escalated") in told()
    sweep_at("2026-09-30", "2026-10-12", "2026-10-20", "2026-10-30", "2026-11-30")
    assert {name for name, _kind in told()} == {"letters", "jiwei_head", "above_head"}
    assert ("above_head", "escalated") in told()
    assert Obligation.objects.get(rule="SV04").next_at is None, "above it there is nobody"


def test_the_head_above_sees_the_line_and_answers(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at(TUESDAY):
        line = handed_over().line
    sweep_at("2026-09-16", "2026-09-22", "2026-10-09")
    client = Client()
    client.force_login(city.above_head, "django.contrib.auth.backends.ModelBackend")
    with at("2026-10-09 11:00"):
        page = client.get("/desk/escalations/").content.decode()
        assert line.number in page and "试水市纪委监委" in page
        assert client.get(f"/desk/transfers/{line.number}/").status_code == 200
        (row,) = Api(city.above_head).get("/escalations/").json()["results"]
        assert row["number"] == line.number and "instruct" in row["acts"]
        answered = Api(city.above_head).post(f"/escalations/{row['id']}/acts/instruct/", {"text": "请三日内签收"})
        assert answered.json()["state"] == "instructed"
        inbox = Client()
        inbox.force_login(city.letters, "django.contrib.auth.backends.ModelBackend")
        assert f"/desk/transfers/{line.number}/" in inbox.get("/desk/inbox/").content.decode()


def test_a_receipt_ends_it_for_those_above_too(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at(TUESDAY):
        line = handed_over().line
    sweep_at("2026-09-16", "2026-09-22")
    with at("2026-09-23 10:00"):
        receipt(line, by="letters")
    assert not Escalation.objects.filter(state__in=Escalation.OPEN).exists()
    assert Obligation.objects.get(rule="SV04").outcome == "late"


def test_a_receiver_without_posts_leaves_it_with_whoever_handed_it_over(city: SimpleNamespace) -> None:
    add_discipline(city, posts=False)
    with at(TUESDAY):
        line = handed_over().line
    owed = Obligation.objects.get(rule="SV04")
    assert (owed.organ, owed.post) == (city.organ["jiwei"], city.post["clerk"])
    client = Client()
    client.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    with at("2026-09-10 10:00"):
        assert line.number in client.get("/desk/").content.decode()
    sweep_at("2026-09-16", "2026-09-22", "2026-09-30", "2026-10-20", "2026-11-20")
    assert {name for name, _kind in told()} <= {"clerk", "sysadmin"}, "and never up the petition's chain"


def test_no_leader_complained_about_is_told_of_it(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at(TUESDAY):
        filed = file_petition(complained_about=[{"kind": "person", "name": "纪书记", "organ": ""}])
        act(filed.demand, "clerk", "transfer", {"organ": "other", "pages": 1, "sure": True})
    sweep_at("2026-09-16", "2026-09-22", "2026-10-09", "2026-10-20", "2026-11-20")
    assert {name for name, _kind in told()} == {"other_receiver", "other_leader", "above_head"}


def test_that_a_mail_about_it_failed_is_told_to_nobody_beside_its_line(city: SimpleNamespace) -> None:
    """Above the receiver's head stand the mayor and the secretary, for whom there is no such line."""
    add_discipline(city)
    with at(TUESDAY):
        filed = file_petition(complained_about=[{"kind": "person", "name": "纪书记", "organ": ""}])
        act(filed.demand, "clerk", "transfer", {"organ": "other", "pages": 1, "sure": True})
        wants_mail(city.other_leader)
    sweep_at("2026-09-16", "2026-09-22")
    with post_office() as post, at("2026-09-22 09:00"):
        post.answers["other_leader@office.example"] = "550 no such mailbox"
        assert deliver().failed > 0
        shown = Notice.objects.filter(kind="undelivered")
        assert {notice.recipient.username for notice in shown} == {"sysadmin"}
        for user in (city.mayor, city.secretary):
            assert "未能送达" not in page(user, "/desk/inbox/")


# --- The line -----------------------------------------------------------------------------------------------------
def names(organ: Organ) -> list[str]:
    codes = dict(Organ.objects.values_list("pk", "code"))
    return [codes[pk] for pk in line_above(organ.pk, DISCIPLINE, SINCE)]


@pytest.mark.parametrize(
    ("organ", "above"),
    [("jiwei", ["above"]), ("above", []), ("office", ["jiwei", "above"]), ("district_department", ["jiwei", "above"])],
)
def test_above_an_organ_stands_the_discipline_organ_of_its_place_and_of_the_places_around(
    city: SimpleNamespace, organ: str, above: list[str]
) -> None:
    add_discipline(city)
    assert names(city.organ[organ]) == above


def test_the_line_holds_where_the_register_has_the_organ_below_the_committee(city: SimpleNamespace) -> None:
    """Dual leadership: some registers put it below the city's committee, whose secretary is never told."""
    add_discipline(city)
    Organ.objects.filter(code="jiwei").update(parent=city.organ["root"])
    assert names(city.organ["jiwei"]) == ["above"]
    Organ.objects.filter(code="above").update(valid_until="2019-01-01", valid_from="2000-01-01")
    assert names(city.organ["jiwei"]) == []


def test_other_chains_are_as_they_were(city: SimpleNamespace) -> None:
    add_discipline(city)
    with at("2026-09-08 10:00") as now:
        file_petition(received_at=now)
    for day in ("2026-09-25", "2026-10-01", "2026-10-11", "2026-10-20", "2026-11-20"):
        sweep_at(day)
    escalated = set(Notice.objects.filter(kind="escalated").values_list("recipient__username", flat=True))
    assert escalated == {"chief", "secretary", "mayor"}
