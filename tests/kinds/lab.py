"""Registers the kinds of `tests.kinds` for a test, and makes their records."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django import forms
from django.db.models import F, QuerySet
from django.test import override_settings

from audit.events import EVENTS, Event
from massline import compiled
from massline.acts import Act, Acts, Invalid
from massline.inputs import Text
from massline.texts import LineField, text_field
from massline.time import today
from records import kinds
from records.cards import Card
from records.columns import Cell, Column, code, personal
from records.exporting import Exported
from records.files.acts import Attach
from records.filters import RecordListFilter
from records.importing.importer import KEY_LENGTH, Field, Importer, PreviewColumn
from records.importing.models import Import
from records.importing.preview import MappingForm
from records.importing.rows import Entry, Reader, Row
from records.kinds import BulkAct, Create, RecordType
from records.listing import Listing
from records.standard_cards import FILES, STANDARD_CARDS
from responsibility import readers, subjects
from responsibility.models import Organ, Post
from responsibility.people import position_of
from responsibility.readers import ReaderDays, days_of_holders
from responsibility.subjects import Matter
from tests.chain_lab import event
from tests.kinds.models import Errand, PaperState, Sealed


@dataclass
class WalledKind:
    """Whoever holds the post of a sealed matter reads it, and nobody whom it is about."""

    about: dict[int, Collection[int]] = field(default_factory=dict)
    """The people whom each record is about."""

    def readers(self, matter: Matter) -> Iterable[ReaderDays]:
        held = days_of_holders([Sealed.objects.get(pk=matter.pk).handler_id], today())
        return (one for one in held if one.user not in self.about.get(matter.pk, ()))

    def matters(self) -> Iterable[Matter]:
        return (one.matter for one in Sealed.objects.filter(state="open"))


@contextmanager
def walled_kind() -> Iterator[WalledKind]:
    """Sealed matters have readers inside."""
    walled = WalledKind()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(readers._walled, Sealed.KIND, walled)
        yield walled


def _judge(reader: Reader, user: Any) -> Any:
    def judged(row: Row) -> str | None:
        if "！" in row.texts["title"]:
            row.fault("title", "不要喊")
            return None
        return row.texts["title"]

    return judged


def _write_errands(entries: Sequence[Entry], job: Import) -> list[int]:
    numbers = Errand.numbers().draw_many([job.asked_at] * len(entries))
    made = Errand.objects.bulk_create(
        Errand(number=number, title=one.data, state=one.texts["state"], organ=job.office)
        for one, number in zip(entries, numbers, strict=True)
    )
    return [one.pk for one in made]


class ErrandFilter(RecordListFilter):
    class Meta:
        model = Errand
        fields = ("q", "state", "organ", "overdue")


class ErrandForm(forms.Form):
    title = LineField(label="要跑什么", max_length=20)


def _leads(user: Any) -> list[int]:
    """The organs in which this person heads."""
    return [held.organ for held in position_of(user).held if held.is_top]


def _make(data: Mapping[str, Any], user: Any, at: Any) -> Errand:
    event()
    if Errand.objects.filter(title=data["title"]).exists():
        raise Invalid({"title": ["这一趟已经有了"]})
    return Errand.objects.create(number=Errand.numbers().draw(at), title=data["title"], organ_id=_leads(user)[0])


RAN = Event("errand.ran", "跑完了")


class Run(Act):
    slug, label, basis = "run", "跑完", "试"
    from_states, to, roles = frozenset({"open"}), ("done",), frozenset({"reader"})
    fields = (Text("found", "带回什么", max_length=100),)
    event = RAN


class AttachToErrand(Attach):
    from_states, roles = frozenset({"open"}), frozenset({"reader"})


ERRAND_ACTS = Acts(Run, AttachToErrand)


class RunAllForm(forms.Form):
    found = text_field("带回什么", max_length=100)


RUN_ALL = BulkAct(
    ERRAND_ACTS["run"],
    form=lambda data, user: RunAllForm(data),
    may=lambda user: bool(_leads(user)),
    already_done=lambda one, data: bool(one.state == PaperState.DONE),
)
"""Heads of organs say of many errands at once that they were run."""


@dataclass(frozen=True)
class Way:
    """Where an errand leads, and for how long."""

    organ: str
    days: int


WAY = Card("way", "kinds/way.html", lambda view: Way(view.record.organ.name, 3), heading="去哪里", shape=Way)

ERRANDS = RecordType(
    kind=Errand.KIND,
    plural="errands",
    title="跑腿",
    model=Errand,
    acts=ERRAND_ACTS,
    bulk=(RUN_ALL,),
    cards=(WAY, FILES, *STANDARD_CARDS),
    final=frozenset({"done"}),
    columns=(
        code("number", "编号", F("number"), value=lambda one, reading: one.number, cell=Cell()),
        personal("title", "事由", F("title"), value=lambda one, reading: one.title, cell=Cell()),
        Column("organ", "单位", cell=Cell(lambda one, reading: one.organ.name)),
        Column("state", "状态", cell=Cell(lambda one, reading: PaperState(one.state).label)),
    ),
    listing=Listing(
        heading="跑腿登记",
        address="errands",
        shown=("number", "title", "organ", "state"),
        joined=("organ", "handler"),
        filters=ErrandFilter,
        order="received_at",
        newest_first=True,
    ),
    exported=Exported(may=lambda user: bool(_leads(user))),
    create=Create(
        form=ErrandForm,
        may=lambda user: bool(_leads(user)),
        make=_make,
        sources=frozenset({"petition", Sealed.KIND}),
    ),
    importer=Importer(
        address="errand_imports",
        fields=(
            Field("key", "单号", ("单号",), most=KEY_LENGTH),
            Field("title", "跑什么", ("事由", "title"), required=True, most=20),
            Field("state", "跑了没有", ("状态",), choices=PaperState, values={"是": "done"}, default="open"),
        ),
        office_of=lambda user: next(iter(_leads(user)), None),
        judge=_judge,
        write=_write_errands,
        identity_fields=("title", "state"),
        form=MappingForm,
        preview_columns=(PreviewColumn("单子", lambda entry: f"{entry.key}：{entry.data}"),),
    ),
)
"""Heads of organs enter errands, of their own accord or because of a petition or a sealed matter."""
SEALED = RecordType(
    kind=Sealed.KIND,
    plural="sealeds",
    title="涉密",
    model=Sealed,
    acts=Acts(),
    final=frozenset({"done"}),
    columns=(code("number", "编号", F("number"), cell=Cell()),),
    listing=Listing(heading="涉密登记", address="sealeds", shown=("number",)),
)
"""Nobody enters sealed matters, and nothing of them leaves."""


@contextmanager
def paper_kinds(urls: str = "tests.kinds.urls") -> Iterator[WalledKind]:
    """Errands and sealed matters are known to the shared parts inside, and have their pages."""
    pages = override_settings(ROOT_URLCONF=urls)
    with walled_kind() as walled, pytest.MonkeyPatch.context() as patch, pages:
        patch.setitem(EVENTS, RAN.name, RAN)
        for declared in (ERRANDS, SEALED):
            patch.setitem(kinds._kinds, declared.kind, declared)
            patch.setitem(subjects._adapters, declared.kind, declared.adapter(declared))
        yield walled


@contextmanager
def proposable(receiver: Callable[[Any], Organ | None]) -> Iterator[None]:
    """Who may not enter an errand proposes it to this organ inside. What the menu compiled without is forgotten."""
    assert ERRANDS.create is not None
    create = replace(ERRANDS.create, receiver=receiver, prefilled={"title": "title"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "_kept", {})
        patch.setitem(kinds._kinds, Errand.KIND, replace(ERRANDS, create=create))
        yield


def errand(number: str, organ: Organ) -> Errand:
    return Errand.objects.create(number=number, title="跑一趟", organ=organ)


def sealed(number: str, organ: Organ, post: Post | None = None) -> Sealed:
    return Sealed.objects.create(number=number, title="涉密一事", organ=organ, handler=post)


def seen_by(user: Any) -> set[str]:
    """The numbers of the sealed matters that exist for this person."""
    found: QuerySet[Sealed] = Sealed.objects.for_user(user)
    return set(found.values_list("number", flat=True))
