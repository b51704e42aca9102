"""A record of one kind is opened because of one of another: by the form and the permission of its own kind."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent, AuditRow
from massline import crypto
from massline.acts import Invalid, NotVisible, Refused
from petitions.models import Demand, State
from records import kinds
from records.creating import KeyReused, create, create_links
from records.kinds import Create
from records.links import links_of
from records.models import Creation, Link
from responsibility import readers
from tests.api import FILING
from tests.chain_lab import at, event
from tests.city import walk_to
from tests.kinds.lab import ERRANDS, WalledKind, paper_kinds, sealed
from tests.kinds.models import Errand
from tests.people_lab import look
from tests.reader import page, reader

pytestmark = pytest.mark.django_db
DAY = "2026-09-15 10:00"
GIVEN = {"title": "去看看楼道"}
FORM = re.compile(r'name="request" value="([^"]+)"')


@pytest.fixture(autouse=True)
def papers() -> Iterator[WalledKind]:
    with paper_kinds() as walled:
        yield walled


@pytest.fixture
def demand(city: SimpleNamespace) -> Demand:
    """A petition in hand; the head of its department may open an errand, its handler may not."""
    with at(DAY):
        found: Demand = walk_to(State.HANDLING).demand
    return found


def address(demand: Demand, kind: str = "errand") -> str:
    return f"/desk/petitions/{demand.petition.number}/new/{kind}/"


def send(user: Any, path: str, **given: str) -> Any:
    with at(DAY):
        return reader(user).post(path, given)


# --- By the page --------------------------------------------------------------------------------------------------
def test_whoever_may_enter_one_opens_it_from_the_page(city: SimpleNamespace, demand: Demand) -> None:
    path = f"/desk/petitions/{demand.petition.number}/"
    with at(DAY):
        assert f'href="{address(demand)}">由此新建跑腿</a>' in look(city.leader, path)
        form = look(city.leader, address(demand))
        assert "新建跑腿" in form and demand.petition.number in form and 'name="title"' in form
    answer = send(city.leader, address(demand), request=FORM.findall(form)[0], **GIVEN)
    made = Errand.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/desk/errands/{made.number}/"
    assert made.title == "去看看楼道" and made.organ == city.organ["department"]
    with at(DAY):
        assert [(x.label, x.number) for x in links_of(demand, city.leader)] == [("由此办理", made.number)]
        assert [(x.label, x.number) for x in links_of(made, city.leader)] == [("来自", demand.petition.number)]
        assert f"已新建跑腿 {made.number}。" not in look(city.handler, path)


def test_whoever_may_not_is_not_offered_it_and_refused_by_address(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        assert "由此新建" not in look(city.handler, f"/desk/petitions/{demand.petition.number}/")
        refused = look(city.handler, address(demand), 403)
    assert "您没有新建跑腿的权限" in refused and f'href="/desk/petitions/{demand.petition.number}/"' in refused
    assert send(city.handler, address(demand), **GIVEN).status_code == 403
    assert not Errand.objects.exists() and not Link.objects.exists()
    said = AuditEvent.objects.filter(name="create_refused")
    assert {(e.actor_key, e.sentence) for e in said} == {("handler", "新建“errand”被拒绝")} and said.count() == 2


def test_a_source_that_does_not_exist_for_somebody_is_not_found(city: SimpleNamespace, demand: Demand) -> None:
    for path in (
        address(demand),
        address(demand).replace(demand.petition.number, "XF20260915-000000"),
        address(demand, "nothing"),
        address(demand, "sealed"),
        address(demand).replace("petitions", "nothings"),
    ):
        assert send(city.other_leader, path, **GIVEN).status_code == 404
    for path in (address(demand, "nothing"), address(demand, "sealed"), address(demand, "transfer")):
        assert send(city.leader, path, **GIVEN).status_code == 404, "nobody opens these from a petition"
    assert not Errand.objects.exists() and not AuditEvent.objects.filter(name="create_refused").exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(city: SimpleNamespace, demand: Demand) -> None:
    long = "一二三四五六七八九十" * 3
    answer = send(city.leader, address(demand), request="r-1", title=long)
    assert answer.status_code == 422 and long in answer.content.decode() and "r-1" in answer.content.decode()
    send(city.leader, address(demand), **GIVEN)
    answer = send(city.leader, address(demand), **GIVEN)
    assert answer.status_code == 422 and "这一趟已经有了" in answer.content.decode(), "found by making it alone"
    assert "去看看楼道" in answer.content.decode() and Errand.objects.count() == 1


def test_the_same_request_twice_makes_one(city: SimpleNamespace, demand: Demand) -> None:
    first, again = (send(city.leader, address(demand), request="r-1", **GIVEN) for _time in range(2))
    assert first.status_code == again.status_code == 302 and first.headers["Location"] == again.headers["Location"]
    assert Errand.objects.count() == Link.objects.count() == 1
    other = send(city.leader, address(demand), request="r-2", title="再去看看")
    assert other.status_code == 302 and Errand.objects.count() == 2


def test_a_form_edited_after_going_back_is_kept_and_makes_another_when_sent_again(
    city: SimpleNamespace, demand: Demand
) -> None:
    send(city.leader, address(demand), request="r-1", **GIVEN)
    first = Errand.objects.get()
    answer = send(city.leader, address(demand), request="r-1", title="再去看看")
    page, (key,) = answer.content.decode(), FORM.findall(answer.content.decode())
    assert answer.status_code == 422 and "再去看看" in page and f"新建跑腿 {first.number}" in page
    assert Errand.objects.get() == first and key != "r-1"
    assert send(city.leader, address(demand), request=key, title="再去看看").status_code == 302
    assert set(Errand.objects.values_list("title", flat=True)) == {"去看看楼道", "再去看看"}


def test_whoever_makes_one_that_is_not_theirs_to_see_comes_back(city: SimpleNamespace, demand: Demand) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert ERRANDS.create is not None
        elsewhere = replace(ERRANDS.create, make=lambda data, user, at: _made_for(city.organ["other"]))
        patch.setitem(kinds._kinds, "errand", replace(ERRANDS, create=elsewhere))
        answer = send(city.leader, address(demand), **GIVEN)
    assert answer.headers["Location"] == f"/desk/petitions/{demand.petition.number}/"


def _made_for(organ: Any) -> Errand:
    event()
    return Errand.objects.create(number="E-9", title="别处的", organ=organ)


def test_what_may_be_opened_costs_no_statement(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        create_links(demand, city.leader)
        with CaptureQueriesContext(connection) as sent:
            assert [one.label for one in create_links(demand, city.leader)] == ["由此新建跑腿"]
    assert not len(sent)


def test_the_form_speaks_the_readers_language(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        assert "Opened because of:" in page(city.leader, address(demand), "en")


@pytest.fixture
def from_errands(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Errand:
    """An errand of the petition office, from which petitions can be opened."""
    petitions = kinds.record_type("petition")
    assert petitions.create is not None
    of_errands = replace(petitions.create, sources=frozenset({"errand"}))
    monkeypatch.setitem(kinds._kinds, "petition", replace(petitions, create=of_errands))
    return _made_for(city.organ["office"])


FROM_ERRAND = "/desk/errands/E-9/new/petition/"
PETITION = {k: v for k, v in FILING.items() if isinstance(v, str)} | FILING["petitioner"]
PETITION |= {"channel": "visit", "tell_by": "sms", "request": "r-1"}


def test_a_clerk_enters_a_petition_because_of_another_record_and_hands_over_the_receipt(
    city: SimpleNamespace, demand: Demand, from_errands: Errand
) -> None:
    wrong = send(city.clerk, FROM_ERRAND, **{**PETITION, "title": ""})
    assert wrong.status_code == 422 and PETITION["body"] in wrong.content.decode()
    answer = send(city.clerk, FROM_ERRAND, **PETITION)
    assert answer.status_code == 201 and 'class="big code"' in answer.content.decode()
    (linked,) = links_of(from_errands, city.clerk)
    assert (linked.kind, linked.label, linked.title) == ("petition", "由此办理", FILING["title"])
    again = send(city.clerk, FROM_ERRAND, **PETITION)
    assert again.status_code == 302 and again.headers["Location"] == linked.url, "the code is shown once"


def rows(name: str, *given: dict[str, str]) -> dict[str, str]:
    """Rows of a list as the page sends them, with one left as it was offered."""
    found = {f"{name}-TOTAL_FORMS": str(len(given) + 1), f"{name}-INITIAL_FORMS": "0"}
    return found | {f"{name}-{n}-{key}": value for n, row in enumerate(given) for key, value in row.items()}


def test_it_asks_who_is_complained_about_and_who_else_represents_them_as_the_other_page_does(
    city: SimpleNamespace, from_errands: Errand
) -> None:
    with at(DAY):
        for path, complained in ((FROM_ERRAND, "complained_about"), ("/desk/petitions/new/", "complained")):
            form = look(city.clerk, path)
            for name in (f"{complained}-0-kind", f"{complained}-2-organ", "representatives-3-phone"):
                assert f'name="{name}"' in form, (path, name)
            assert "单位或个人 3" in form and "其他代表 4" in form and 'data-add="再加一个单位或个人"' in form
    named = rows("complained_about", {"kind": "person", "name": "林局正", "organ": "某局"}, {"kind": "person"})
    more = rows("representatives", {"name": "钱二", "phone": "13912345670"})
    assert send(city.clerk, FROM_ERRAND, **PETITION, **named, **more, persons="9").status_code == 201
    entered = Demand.objects.latest("pk").petition
    assert [(c.kind, c.name, c.organ_name) for c in entered.filing.complained.all()] == [("person", "林局正", "某局")]
    assert entered.filing.representatives.count() == 1


def test_a_row_that_is_wrong_says_so_at_its_place_and_keeps_what_was_typed(
    city: SimpleNamespace, from_errands: Errand
) -> None:
    named = rows("complained_about", {"kind": "organ", "name": "某物业"}, {"kind": "person", "organ": "某局"})
    answer = send(city.clerk, FROM_ERRAND, **PETITION, **named)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Demand.objects.exists()
    assert '<a href="#id_complained_about-1-name">名称或姓名：请写明被反映的单位名称或个人姓名</a>' in page
    assert 'value="某物业"' in page and 'value="某局"' in page
    many = rows("complained_about", *({"kind": "organ", "name": f"单位{n}"} for n in range(11)))
    page = send(city.clerk, FROM_ERRAND, **PETITION, **many).content.decode()
    assert '<a href="#id_complained_about-0-kind">涉及谁：最多填写 10 个</a>' in page and 'value="单位9"' in page
    page = send(city.clerk, FROM_ERRAND, **PETITION, complained_about="某局").content.decode()
    assert "涉及谁：这里应当是一个列表" in page


# --- By a mechanism, by REST --------------------------------------------------------------------------------------
def test_a_mechanism_is_told_what_is_wrong(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        for kind, source in (("nothing", demand), ("sealed", None)):
            with pytest.raises(NotVisible):
                create(kind, GIVEN, city.leader, source)
        with pytest.raises(NotVisible):
            create("errand", GIVEN, city.other_leader, demand)
        with pytest.raises(Refused):
            create("errand", GIVEN, city.handler, demand)
        with pytest.raises(Invalid) as refused:
            create("errand", {"title": ""}, city.leader, demand)
        assert set(refused.value.errors) == {"title"} and refused.value.form is not None
        with pytest.raises(Invalid) as refused:
            create("errand", GIVEN, city.leader, demand, "friend")
        assert set(refused.value.errors) == {"relation"}
        made = create("errand", GIVEN, city.leader)
        with pytest.raises(Invalid) as refused:
            create("errand", {"title": "又一趟"}, city.leader, made)
        assert set(refused.value.errors) == {"source"}
    assert Errand.objects.get() == made and not Link.objects.exists()


def test_without_the_link_there_is_no_record(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Link.objects, "create", _breaks)
        with pytest.raises(RuntimeError):
            create("errand", GIVEN, city.leader, demand)
    assert not Errand.objects.exists() and not Creation.objects.exists()


def _breaks(**_given: Any) -> None:
    raise RuntimeError


def test_a_key_is_its_senders_alone_and_its_kinds(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        first = create("errand", GIVEN, city.leader, key="k")
        other = create("errand", {"title": "别人的一趟"}, city.other_leader, key="k")
        assert first != other and create("errand", GIVEN, city.leader, key="k") == first


def test_a_key_that_was_used_for_something_else_is_refused(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        first = create("errand", GIVEN, city.leader, demand, key="k")
        for data, source in (({"title": "不看"}, demand), (GIVEN, None)):
            with pytest.raises(KeyReused) as refused:
                create("errand", data, city.leader, source, key="k")
            assert refused.value.form is not None and refused.value.form.data == data
        event()
        Creation.objects.create(request=crypto.keyed_hash("create", "errand old"), kind="errand", record=first.pk,
                                made_by=city.leader)  # fmt: skip
        assert create("errand", {"title": "不看"}, city.leader, key="old") == first, "made before the hash was kept"


def test_a_walled_source_is_linked_for_its_readers_alone(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY) as now:
        hidden = sealed("S-1", city.organ["department"])
        with pytest.raises(NotVisible):
            create("errand", GIVEN, city.leader, hidden)
        readers.allow(hidden.matter, [city.leader.pk], now)
        readers.declare(city.leader, readers.undeclared(city.leader).get().pk)
        made = create("errand", GIVEN, city.leader, hidden)
        assert [x.number for x in links_of(made, city.leader)] == ["S-1"] and links_of(made, city.handler) == []


def test_the_log_explains_what_was_made(city: SimpleNamespace, demand: Demand) -> None:
    with at(DAY):
        create("errand", GIVEN, city.leader, demand, key="k")
    images = AuditRow.objects.filter(table_name__in=["records_link", "records_creation", "kinds_errand"])
    assert images.count() == 3 and not images.unexplained().exists()


def test_a_form_with_a_field_that_rest_takes_for_the_source_is_refused() -> None:
    class Taken(forms.Form):
        source = forms.CharField()

    with pytest.raises(ValueError, match=r"\['source'\]"):
        Create(Taken, lambda user: True, lambda data, user, at: None)
