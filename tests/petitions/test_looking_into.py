"""不满意: who owes a look, by when, how it climbs, who is told, and how it ends. Every date counted by hand."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from massline.acts import Invalid, Refused, WrongState
from petitions.models import Demand, State
from records.models import ActText
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Obligation
from tests.api import Api
from tests.chain_lab import absent, at, event, names, sh, sweep_at, told
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.people_lab import look
from tests.reader import ENGLISH, owed, page, reader, source, tracked, words

pytestmark = pytest.mark.django_db
LOOKED = {"text": "已与信访人当面沟通，责成三日内补办"}
TITLE = "过问不满意评价"


def looks(demand: Demand) -> list[Obligation]:
    return list(Obligation.objects.open().about("petition", demand.pk).filter(rule="ML05").order_by("item"))


def rate(filed: SimpleNamespace, score: int, side: str = "organ") -> Demand:
    return act(filed.demand, "citizen", "rate", {"object": side, "score": str(score), "reason": ""})


def rated(state: str, score: int, side: str = "organ", **overrides: Any) -> SimpleNamespace:
    filed = walk_to(state, **overrides)
    filed.demand = rate(filed, score, side)
    return filed


# (rated, looked into until the end of)
DATES = [
    ("2026-11-10 10:00", "2026-11-24"),  # 11-13, 16-20, 23 and 24 November
    ("2026-11-14 22:00", "2026-11-27"),  # a Saturday: 16-20, 23-27
    # Sunday 20 September is worked; 21-24, 28-30 September, 8 and 9 October
    ("2026-09-18 10:00", "2026-10-09"),
    # the holidays of September count nothing; Saturday 10 October is worked: 28-30, 8-10, 12-15
    ("2026-09-25 08:00", "2026-10-15"),
    # 25, 28-31 December, 4-8 January, for all that is known of 2027
    ("2026-12-24 10:00", "2027-01-08"),
]


@pytest.mark.parametrize(("when", "due"), DATES)
def test_ten_working_days_from_the_rating(city: SimpleNamespace, when: str, due: str) -> None:
    with at("2026-09-01 10:00") as now:
        filed = walk_to(State.CLOSED, file_petition(received_at=now))
    with at(when):
        demand = rate(filed, 2)
    (owing,) = looks(demand)
    assert (owing.opened_at, str(owing.due_legal)) == (sh(when), due)
    assert (owing.organ, owing.post) == (city.organ["department"], city.post["leader"])
    assert (demand.state, demand.due_at) == (State.CLOSED, owing.due_at)


@pytest.mark.parametrize(("score", "opens"), [(5, 0), (4, 0), (3, 0), (2, 1), (1, 1)])
@pytest.mark.parametrize("state", [State.ANSWERED, State.CLOSED])
def test_only_what_does_not_satisfy_is_looked_into(city: SimpleNamespace, state: str, score: int, opens: int) -> None:
    assert len(looks(rated(state, score).demand)) == opens


def test_each_side_has_its_own_and_the_office_is_looked_into_from_above(city: SimpleNamespace) -> None:
    filed = rated(State.CLOSED, 1)
    demand = rate(filed, 2, "petition_office")
    organ, office = looks(demand)
    assert (organ.organ, organ.post) == (city.organ["department"], city.post["leader"])
    assert (office.organ, office.post) == (city.organ["root"], city.post["secretary"])
    html = source(reader(city.auditor), f"/desk/petitions/{filed.number}/")
    assert "试水市住房和城乡建设局 · 局长" in owed(html, f"{TITLE}（承办单位）")
    assert "市委书记" in owed(html, f"{TITLE}（信访部门）")


def test_the_office_that_handled_it_itself_does_not_look_into_itself(city: SimpleNamespace) -> None:
    filed = walk_to(State.REGISTERED)
    for who, slug, data in (
        ("clerk", "accept", {}),
        ("chief", "assign", {"handler": "clerk"}),
        ("clerk", "answer", ANSWER),
    ):
        filed.demand = act(filed.demand, who, slug, data)
    (owing,) = looks(rate(filed, 1, "organ"))
    assert owing.post == city.post["secretary"]


def test_a_rating_that_replaces_another_opens_no_second(city: SimpleNamespace) -> None:
    filed = rated(State.ANSWERED, 2)
    (first,) = looks(filed.demand)
    for score in (1, 5, 2):
        demand = rate(filed, score)
        assert [o.pk for o in looks(demand)] == [first.pk]
    event()
    same = {f.attname: getattr(first, f.attname) for f in Obligation._meta.concrete_fields if f.name != "id"}
    with pytest.raises(IntegrityError, match="owed_once"):
        Obligation.objects.create(**same)


def test_after_a_look_a_new_bad_rating_asks_for_a_new_one(city: SimpleNamespace) -> None:
    filed = rated(State.CLOSED, 2)
    act(filed.demand, "leader", "look_into", LOOKED)
    assert looks(filed.demand) == []
    assert len(looks(rate(filed, 1))) == 1


NAMED = [{"kind": "person", "name": "林局正", "organ": ""}]


def test_who_is_complained_about_never_owes_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED, complained_about=NAMED)
    for who, slug, data in (("deputy", "assign", {"handler": "handler"}), ("handler", "answer", ANSWER)):
        filed.demand = act(filed.demand, who, slug, data)
    (owing,) = looks(rate(filed, 1))
    assert owing.post == city.post["secretary"]
    assert "leader" not in names("petition.dissatisfied")


def test_whoever_handled_it_does_not_look_into_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    for who, slug, data in (("leader", "assign", {"handler": "leader"}), ("leader", "answer", ANSWER)):
        filed.demand = act(filed.demand, who, slug, data)
    (owing,) = looks(rate(filed, 1))
    assert owing.post == city.post["secretary"]


def test_a_post_in_which_nobody_answers_owes_nothing(city: SimpleNamespace) -> None:
    filed = walk_to(State.CLOSED)
    event()
    absent(city.post["leader"], sh("2026-01-01").date(), days=2000)
    (owing,) = looks(rate(filed, 1))
    assert owing.post == city.post["secretary"]


def test_the_head_of_the_office_and_whoever_owes_it_are_told_once(city: SimpleNamespace) -> None:
    filed = rated(State.CLOSED, 2)
    assert names("petition.dissatisfied") == {"chief", "leader"}
    rate(filed, 1)
    assert len([each for each in told() if each[0] == "petition.dissatisfied"]) == 2
    assert f"信访人评价不满意 {filed.number}" in page(city.chief, "/desk/inbox/")
    assert f"The petitioner was not satisfied {filed.number}" in page(city.chief, "/desk/inbox/", ENGLISH)
    rated(State.CLOSED, 4)
    assert len([each for each in told() if each[0] == "petition.dissatisfied"]) == 2


def test_it_stands_in_their_work_and_ends_with_a_text(city: SimpleNamespace) -> None:
    with at("2026-11-10 10:00"):
        filed = rated(State.CLOSED, 2)
        assert TITLE in page(city.leader, "/desk/") and filed.number in page(city.leader, "/desk/")
        assert TITLE not in page(city.deputy, "/desk/")
    with at("2026-11-24 23:59"):
        html = source(reader(city.leader), f"/desk/petitions/{filed.number}/")
        assert 'id="act-look_into"' in html
        assert 'id="act-look_into"' not in look(city.chief, f"/desk/petitions/{filed.number}/")
        path = f"/petitions/{filed.number}/acts/look_into/"
        assert Api(city.leader).post(path, {"text": ""}).status_code == 422
        done = Api(city.leader).post(path, LOOKED)
        assert done.status_code == 200 and done.json()["state"] == "closed"
        public, desk = words(tracked(filed)), page(city.chief, f"/desk/petitions/{filed.number}/")
    assert looks(filed.demand) == [] and Demand.objects.get().due_at is None
    assert Obligation.objects.get(rule="ML05").outcome == "met"
    said = "试水市住房和城乡建设局主要负责人过问了对承办单位的评价"
    assert said in public and said in desk
    assert LOOKED["text"] in desk and LOOKED["text"] not in public, "what was found is for officials"
    assert ActText.objects.get(act="look_into").public is False
    assert TITLE not in public.split("办理经过")[0], "what the house owes itself is not promised"


def test_nobody_else_looks_into_it_and_only_where_it_is_owed(city: SimpleNamespace) -> None:
    filed = rated(State.CLOSED, 1)
    for who in ("chief", "clerk", "deputy", "handler", "receiver", "mayor", "inspector"):
        with pytest.raises(Refused):
            act(filed.demand, who, "look_into", LOOKED)
    good = rated(State.CLOSED, 5)
    with pytest.raises(Refused):
        act(good.demand, "leader", "look_into", LOOKED)


def test_either_of_two_heads_may_and_says_for_which_side_when_both_are_theirs(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED)
    for who, slug, data in (("leader", "assign", {"handler": "leader"}), ("leader", "answer", ANSWER)):
        filed.demand = act(filed.demand, who, slug, data)
    rate(filed, 1, "organ")
    rate(filed, 1, "petition_office")
    with pytest.raises(Invalid):
        act(filed.demand, "mayor", "look_into", LOOKED)
    act(filed.demand, "mayor", "look_into", LOOKED | {"object": "petition_office"})
    assert [o.item for o in looks(filed.demand)] == [1]
    act(filed.demand, "secretary", "look_into", LOOKED)
    assert looks(filed.demand) == []


def test_neither_writing_off_nor_returning_nor_another_handler_ends_or_moves_it(city: SimpleNamespace) -> None:
    filed = rated(State.ANSWERED, 2)
    for who, slug, data in (
        ("chief", "return", {"reason": "没有写明依据"}),
        ("leader", "assign", {"handler": "colleague"}),
        ("colleague", "answer", ANSWER),
        ("chief", "write_off", {"evidence": "已回访"}),
    ):
        filed.demand = act(filed.demand, who, slug, data)
        (owing,) = looks(filed.demand)
        assert owing.post == city.post["leader"]
    tell_all(filed.demand)
    assert Demand.objects.get().due_at == owing.due_at, "closed, and still owed a look"


def test_withdrawing_releases_it(city: SimpleNamespace) -> None:
    filed = rated(State.ANSWERED, 1)
    demand = act(filed.demand, "citizen", "withdraw", {"reason": "不用办了"})
    assert looks(demand) == [] and demand.due_at is None
    assert Obligation.objects.get(rule="ML05").outcome == "released"


def test_it_climbs_like_any_other(city: SimpleNamespace) -> None:
    """Until 24 November. On the 25th the leader is told, and with them the deputy of the class; then who is above."""
    with at("2026-11-10 10:00") as now:
        filed = rated(State.CLOSED, 2, received_at=now)
    sweep_at("2026-11-24 23:59")
    assert names("warning", obligation__rule="ML05") == {"leader"}
    assert Obligation.objects.get(rule="ML05").breached_at is None
    sweep_at("2026-11-25 00:00")
    assert "leader" in names("overdue", obligation__rule="ML05")
    assert {"clerk", "chief"} <= names("office", obligation__rule="ML05")
    for moment in ("2026-11-28", "2026-12-01", "2026-12-10"):
        sweep_at(moment)
    assert names("escalated", obligation__rule="ML05") == {"secretary", "mayor"}
    with at("2026-12-10 10:00"):
        (climbed,) = Escalation.objects.filter(obligation__rule="ML05", state="sent")
        mayor = User.objects.get(username="mayor")
        assert "reassign" not in {each.slug for each in LEADER_ACTS.open_to(climbed, mayor)}, "it is the leader's own"
        assert TITLE in page(city.mayor, "/desk/escalations/")
        demand = act(filed.demand, "leader", "look_into", LOOKED)
    assert Obligation.objects.get(rule="ML05").outcome == "late" and demand.due_at is None
    climbed.refresh_from_db()
    assert climbed.state == "settled"


def test_whoever_takes_the_post_takes_the_look(city: SimpleNamespace) -> None:
    filed = rated(State.CLOSED, 2)
    event()
    Appointment.objects.filter(post=city.post["leader"]).update(until=sh("2026-01-01").date())
    Appointment.objects.create(user=city.outsider, post=city.post["leader"], since=sh("2026-01-01").date())
    assert TITLE in look(city.outsider, "/desk/") and TITLE not in look(city.leader, "/desk/")
    outsider = User.objects.get(pk=city.outsider.pk)
    assert act(filed.demand, outsider.username, "look_into", LOOKED).state == State.CLOSED
    with pytest.raises(WrongState):
        act(walk_to(State.WITHDRAWN).demand, "clerk", "write_off", {"evidence": "回访"})
