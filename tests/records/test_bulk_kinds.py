"""Acts on many records, of a kind that no mechanism has: each with its own result, in that kind's words."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.test import RequestFactory

from audit.models import AuditEvent
from massline.acts import Act, Acts, NotVisible
from massline.inputs import ActForm
from petitions.events import NOTED
from records.bulk import bulk_act, open_to, perform_each
from records.bulk_pages import bulk_page
from records.kinds import BulkAct
from responsibility.people import position_of
from tests.kinds import lab
from tests.kinds.models import Errand

pytestmark = pytest.mark.django_db


class RunForm(ActForm):
    """How it is run; on foot, if nobody says otherwise."""

    how = forms.ChoiceField(choices=[("foot", "步行"), ("bus", "乘车")])

    def prepare(self) -> None:
        self.initial = {"how": "foot"}


class Run(Act):
    slug, label, basis = "run", "跑", "试验"
    from_states, to, roles = frozenset({"open"}), ("done",), frozenset({"reader"})
    form, event = RunForm, NOTED

    def facts(self, doing: Any) -> dict[str, Any]:
        return {"organ": doing.data["how"]}


ACTS = Acts(Run)
ERRANDS = replace(
    lab.ERRANDS,
    acts=ACTS,
    not_there="没有这趟跑腿",
    bulk=(
        BulkAct(
            ACTS["run"],
            form=lambda data, user: forms.Form(data),
            may=lambda user: any(held.is_top for held in position_of(user).held),
            already_done=lambda one, data: one.state == "done",
        ),
    ),
)


@pytest.fixture
def city(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with lab.paper_kinds():
        yield city


def results(user: Any, *numbers: str, **data: str) -> list[tuple[str, str]]:
    found = perform_each(ERRANDS, bulk_act(ERRANDS, "run"), numbers, user, data)
    return [(result.status.value, result.reason) for result in found]


def errand(number: str, organ: Any, state: str = "open") -> str:
    Errand.objects.create(number=number, title="跑一趟", organ=organ, state=state)
    return number


def test_each_has_its_result_and_the_kind_says_what_does_not_exist(city: SimpleNamespace) -> None:
    mine, other = city.organ["department"], city.organ["other"]
    numbers = errand("E-1", mine), errand("E-2", mine, "done"), errand("E-3", other), errand("E-4", mine, "lost")
    done, already, hidden, late = results(city.leader, *numbers)
    assert (done, already) == (("done", ""), ("already", ""))
    assert hidden == ("refused", "没有这趟跑腿") == results(city.leader, "E-9")[0]
    assert late == ("refused", "现在的状态是“lost”，不能办理这一步。")
    assert list(Errand.objects.order_by("number").values_list("state", flat=True)) == ["done", "done", "open", "lost"]


def test_what_was_not_sent_is_as_the_form_proposes_and_what_was_sent_counts(city: SimpleNamespace) -> None:
    number = errand("E-1", city.organ["department"])
    assert results(city.leader, number, how="wings")[0][0] == "refused"
    assert results(city.leader, number)[0][0] == "done"


def test_only_declared_acts_and_only_for_those_whose_posts_can(city: SimpleNamespace) -> None:
    assert [each.act.slug for each in open_to(ERRANDS, city.leader)] == ["run"]
    assert open_to(ERRANDS, city.handler) == []
    with pytest.raises(NotVisible):
        bulk_act(ERRANDS, "write_off")


class WaysForm(ActForm):
    """Which ways it is run, and how fast if nobody says otherwise."""

    ways = forms.MultipleChoiceField(choices=[("foot", "步行"), ("bus", "乘车"), ("boat", "乘船")])
    pace = forms.CharField()

    def prepare(self) -> None:
        self.initial = {"pace": "快"}


class RunBoth(Run):
    form = WaysForm

    def facts(self, doing: Any) -> dict[str, Any]:
        return {"organ": "、".join([*doing.data["ways"], doing.data["pace"]])}


class WaysOfAll(forms.Form):
    ways = WaysForm.base_fields["ways"]


def test_a_field_of_several_values_keeps_them_all(city: SimpleNamespace) -> None:
    both = Acts(RunBoth)
    bulk = replace(ERRANDS.bulk[0], act=both["run"], form=lambda data, user: WaysOfAll(data))
    declared = replace(ERRANDS, acts=both, bulk=(bulk,))
    number = errand("E-1", city.organ["department"])
    request = RequestFactory().post("/", {"number": number, "act": "run", "ways": ["foot", "boat"]})
    request.user = city.leader
    bulk_page(declared, request)
    assert AuditEvent.objects.get(name=NOTED.name).facts["organ"] == "foot、boat、快"
