"""A township calls organs to one matter: who came, who could not, what it was worth, and what goes up."""

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.menu import items_for
from accounts.models import User
from inspection.whistles.models import MAX_CALLED, Whistle, WhistleCall
from massline.acts import Invalid, NotVisible, WrongState
from massline.time import today
from records.creating import create
from responsibility.models import Escalation, Notice, Obligation
from tests.chain_lab import event
from tests.city import act, walk_to
from tests.eyes import climbed_to_the_root
from tests.inspection_lab import in_days
from tests.reader import page
from tests.whistle_lab import add_township, does, entry, whistle_in, whistle_of

pytestmark = pytest.mark.django_db
SEES = ("street_worker", "other_leader", "outsider", "district_head", "mayor")


@pytest.fixture
def town(city: SimpleNamespace) -> SimpleNamespace:
    return add_township(city)


def address(whistle: Whistle) -> str:
    return f"/desk/whistles/{whistle.number}/"


def owed(whistle: Whistle) -> set[tuple[str, int, str]]:
    found = Obligation.objects.open().about(Whistle.KIND, whistle.pk).select_related("organ")
    return {(one.rule, one.item, one.organ.code) for one in found}


def told(whistle: Whistle, kind: str) -> set[str]:
    found = Notice.objects.filter(subject_kind="whistle", subject_key=whistle.number, kind=f"whistle.{kind}")
    return {User.objects.get(pk=pk).username for pk in found.values_list("recipient", flat=True)}


def calls(whistle: Whistle) -> list[tuple[str, str]]:
    return [(one.state, one.worth) for one in WhistleCall.objects.filter(whistle=whistle)]


def petition_in(city: SimpleNamespace) -> Any:
    """A petition that the township has."""
    filed = walk_to("registered")
    act(filed.demand, "clerk", "forward", {"organ": "street", "note": ""})
    return filed


# --- Who owes what --------------------------------------------------------------------------------------------------
def test_who_is_called_owes_to_come_and_is_told(town: SimpleNamespace) -> None:
    made = whistle_of(town)
    assert owed(made) == {("CS01", 1, "other")}
    assert told(made, "called") == {"other_leader", "other_receiver"}
    made = does(town, made, "street_worker", "call")
    assert owed(made) == {("CS01", 1, "other"), ("CS01", 2, "department")}


def test_who_comes_owes_nothing_and_the_township_owes_its_word(town: SimpleNamespace) -> None:
    made = does(town, whistle_of(town), "other_receiver", "come")
    assert (calls(made), owed(made)) == ([("came", "")], {("CS03", 1, "street")})
    assert WhistleCall.objects.get(whistle=made).came_on == today()
    assert "street_clerk" in told(made, "came")
    made = does(town, made, "street_clerk", "rate", worth="partly")
    assert (calls(made), owed(made)) == ([("came", "partly")], set())


def test_who_cannot_come_goes_up_and_its_own_day_runs_on(town: SimpleNamespace) -> None:
    made = whistle_in(town, "blown")
    assert owed(made) == {("CS01", 1, "other"), ("CS01", 2, "district_department"), ("CS02", 2, "district")}
    assert told(made, "cannot") == {"district_head"}
    sent = does(town, made, "district_head", "direct")
    assert owed(sent) == {("CS01", 1, "other"), ("CS01", 2, "district_department")}
    assert {"district_leader", "street_clerk"} <= told(sent, "directed")
    assert calls(does(town, sent, "district_leader", "come"))[1] == ("came", "")


def test_whom_the_organ_above_excuses_owes_nothing(town: SimpleNamespace) -> None:
    made = does(town, whistle_in(town, "blown"), "district_head", "direct", comes="no")
    assert (calls(made)[1], owed(made)) == (("excused", ""), {("CS01", 1, "other")})
    with pytest.raises(Invalid):
        does(town, made, "street_clerk", "rate", organ="district_department")


def test_who_comes_all_the_same_spares_the_organ_above_its_word(town: SimpleNamespace) -> None:
    made = does(town, whistle_in(town, "blown"), "district_handler", "come")
    assert owed(made) == {("CS01", 1, "other"), ("CS03", 2, "street")}


def test_who_does_not_come_climbs_to_the_root(town: SimpleNamespace) -> None:
    made = whistle_of(town)
    climbed_to_the_root()
    climbed = Escalation.objects.filter(obligation__subject_kind="whistle", obligation__subject_id=made.pk)
    assert {one.step for one in climbed} >= {"overdue", "superior-1"}
    assert "mayor" in {notice.recipient.username for one in climbed for notice in one.notices.all()}


def test_who_says_it_came_and_did_not_owes_it_again_by_its_old_day(town: SimpleNamespace) -> None:
    made = whistle_of(town)
    before = Obligation.objects.get(subject_kind="whistle", subject_id=made.pk, rule="CS01").due_at
    made = does(town, made, "other_leader", "come")
    made = does(town, made, "street_clerk", "rate", worth="absent")
    assert (calls(made), owed(made)) == ([("called", "")], {("CS01", 1, "other")})
    assert Obligation.objects.open().about("whistle", made.pk).get().due_at == before
    assert "other_leader" in told(made, "absent")
    with pytest.raises(Invalid) as caught:
        does(town, made, "street_clerk", "rate", worth="absent")
    assert set(caught.value.errors) == {"worth"}


def test_who_is_rated_has_come_though_it_did_not_say_so(town: SimpleNamespace) -> None:
    made = does(town, whistle_of(town), "street_clerk", "rate", worth="not")
    assert (calls(made), owed(made)) == ([("came", "not")], set())


# --- Its end --------------------------------------------------------------------------------------------------------
def test_it_is_not_settled_while_one_that_came_has_heard_nothing(town: SimpleNamespace) -> None:
    made = does(town, whistle_of(town), "other_leader", "come")
    with pytest.raises(WrongState, match="城市管理局"):
        does(town, made, "street_head", "settle")
    does(town, made, "street_clerk", "rate")
    assert does(town, made, "street_head", "settle").state == "settled"


@pytest.mark.parametrize("state", ["settled", "cancelled"])
def test_nothing_is_owed_about_what_is_over_and_all_are_told(town: SimpleNamespace, state: str) -> None:
    made = whistle_in(town, state)
    assert owed(made) == set()
    assert {"other_leader", "district_leader"} <= told(made, "ended")
    assert not WhistleCall.objects.filter(whistle=made, is_open=True).exists()
    assert "没有报到" in page(town.street_clerk, address(made))


# --- What is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_", "fault"),
    [
        ({"come_by": in_days(0)}, "come_by"),
        ({"come_by": "soon"}, "come_by"),
        ({"organ": ""}, "organ"),
        ({"organ": "root"}, "organ"),
        ({"organ": "street"}, "organ"),
        ({"title": ""}, "title"),
        ({"matter_text": " "}, "matter_text"),
    ],
)
def test_a_whistle_says_what_is_wrong_beside_the_field(
    town: SimpleNamespace, given_: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid) as caught:
        create("whistle", entry(**given_), town.street_clerk)
    assert set(caught.value.errors) == {fault}
    assert not Whistle.objects.exists()


def test_an_organ_is_called_once_and_not_today(town: SimpleNamespace) -> None:
    made = whistle_of(town)
    for given_, fault in (({"organ": "other"}, "organ"), ({"come_by": in_days(0)}, "come_by")):
        with pytest.raises(Invalid) as caught:
            does(town, made, "street_clerk", "call", **given_)
        assert set(caught.value.errors) == {fault}


def test_no_more_are_called_than_a_page_can_show(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = whistle_of(town)
    monkeypatch.setattr("inspection.whistles.forms.MAX_CALLED", 1)
    with pytest.raises(Invalid, match="有误") as caught:
        does(town, made, "street_clerk", "call")
    assert "最多" in str(caught.value.errors) and MAX_CALLED == 20


def test_the_same_organ_is_not_called_twice_because_of_the_same_petition(town: SimpleNamespace) -> None:
    filed = petition_in(town)
    first = whistle_of(town, filed.demand)
    with pytest.raises(Invalid) as caught:
        whistle_of(town, filed.demand)
    assert first.number in str(caught.value.errors["organ"])
    other = whistle_of(town, filed.demand, organ="department")
    with pytest.raises(Invalid) as caught:
        does(town, other, "street_clerk", "call", organ="other")
    assert first.number in str(caught.value.errors["organ"])
    assert whistle_of(town).pk, "because of nothing, it is another matter"
    does(town, first, "street_head", "cancel")
    assert whistle_of(town, filed.demand).pk, "the first is over"


# --- Who sees it ----------------------------------------------------------------------------------------------------
def test_it_is_blown_because_of_a_petition_and_both_say_so(town: SimpleNamespace) -> None:
    filed = petition_in(town)
    shown = page(town.street_clerk, f"/desk/petitions/{filed.number}/")
    assert "由此新建吹哨" in shown
    made = whistle_of(town, filed.demand)
    assert made.number in page(town.street_clerk, f"/desk/petitions/{filed.number}/")
    assert filed.number in page(town.street_clerk, address(made))
    assert filed.number not in page(town.other_leader, address(made)), "what a called organ does not see"


def test_who_is_complained_about_in_its_source_is_told_nothing_of_it(town: SimpleNamespace) -> None:
    filed = petition_in(town)
    event()
    filed.petition.filing.complained.create(kind="person", name="祁局长", user=town.other_leader)
    made = whistle_of(town, filed.demand)
    assert told(made, "called") == {"other_receiver"}
    assert not Whistle.objects.for_user(User.objects.get(pk=town.other_leader.pk)).exists()
    with pytest.raises(NotVisible):
        does(town, made, "other_leader", "come")
    assert town.other_leader.pk in Whistle.objects.get(pk=made.pk).chain_subject().recused


def test_a_township_finds_both_pages_in_its_menu(town: SimpleNamespace) -> None:
    assert {"whistle_new"} <= {item.address for item in items_for(town.street_clerk)}
    assert "whistles" not in {item.address for item in items_for(town.street_worker)}, "there is none yet"
    whistle_of(town)
    shown = {who: {item.address for item in items_for(User.objects.get(pk=getattr(town, who).pk))} for who in SEES}
    assert all("whistles" in found and "whistle_new" not in found for found in shown.values())


def test_the_page_says_who_came_and_ranks_nobody(town: SimpleNamespace) -> None:
    made = does(town, whistle_in(town, "blown"), "other_leader", "come")
    made = does(town, made, "street_clerk", "rate")
    for who in SEES:
        shown = page(getattr(town, who), address(made))
        assert "请了 2 个单位，已报到 1 个" in shown, who
        assert "解决了问题" in shown and "答复不能到场" in shown, who
    assert "1 / 2" in page(town.street_clerk, "/desk/whistles/")
