"""Adapts the records of a declared kind for the shared parts, by its declaration and the columns of `Record`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from audit.log import Subject
from massline.keys import key_of
from records.importing.models import ImportedFrom
from records.last_change import last_change
from responsibility import obligations
from responsibility.adapters import ModelAdapter
from responsibility.models import Obligation
from responsibility.subjects import BulkPage, Described, ImportOrigin, Ordered

if TYPE_CHECKING:
    from records.kinds import RecordType

DATES = ("opened_at", "strict_at", "due_at")


class RecordAdapter(ModelAdapter):
    """Records of one kind as subjects of obligations. A kind overrides what differs, and declares it as `adapter`."""

    def __init__(self, declared: RecordType) -> None:
        super().__init__(declared.model)  # type: ignore[arg-type]
        self.declared = declared
        self.number = declared.number

    def described(self, record: Any) -> Described:
        return self.declared.describe(record)

    def import_origins(self, pks: Collection[int]) -> dict[int, ImportOrigin]:
        importer = self.declared.importer
        if importer is None or importer.notice is None:
            return {}
        taken = ImportedFrom.objects.about(self.declared.kind, *pks)
        rows = taken.values_list("subject_id", "taken_by", "taken_at")
        return {pk: ImportOrigin(importer.notice, Subject("import", key_of("import", job)), at) for pk, job, at in rows}

    def follow_obligations(self, pk: int, record: Any = None) -> None:
        """Sets the record's dates to the earliest of its open obligations: the list is ordered by them."""
        about = Obligation.objects.open().about(self.declared.kind, pk)
        dates = about.order_by("due_at").values(*DATES).first() or dict.fromkeys(DATES)
        if isinstance(record, self.model) and record.pk == pk:
            for name, moment in dates.items():
                setattr(record, name, moment)
        else:
            self.rows.filter(pk=pk).exclude(**dates).update(**dates)

    def last_change(self, record: Any, actor: Any) -> str:
        return last_change(record, self.declared.acts, self.declared.citizen)

    def reassign(self, pk: int, organ: int, post: int) -> None:
        """Makes the post the record's handler while it is being handled; before and after, hands its obligations
        over."""
        record: Any = self.model.locked(pk)
        if record.in_hand and record.organ_id == organ:
            record.handler_id = post
            record.save(update_fields=["handler"])
        obligations.hand_over(record.matter, replace(record.chain_subject(), organ=organ, post=post))

    def bulk_page(self, user: Any) -> BulkPage | None:
        acts = [each.act for each in self.declared.bulk if each.may(user)]
        if not acts:
            return None
        return BulkPage(reverse(f"{self.declared.kind}_bulk"), frozenset().union(*(act.from_states for act in acts)))

    def ordered(self, pks: Collection[int]) -> Mapping[tuple[int, str, int], Ordered]:
        return dict(said for items in self.declared.ordered for said in items.about(pks))
