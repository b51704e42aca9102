"""The log as Django sees it: read only. The database alone writes it (migrations/0001_log.sql)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audit.events import Event, event_of

if TYPE_CHECKING:
    from audit.log import Subject

OPERATIONS = [("I", _("新增")), ("U", _("修改")), ("D", _("删除")), ("B", _("起始留底"))]


class TransactionIdField(models.TextField):  # type: ignore[type-arg]
    """PostgreSQL's xid8, read as text."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class EventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, *subjects: Subject) -> EventQuerySet:
        """Narrows to events about any of these subjects."""
        chosen = models.Q(pk__in=[])
        for subject in subjects:
            chosen |= models.Q(subject_kind=subject.kind, subject_key=subject.key)
        return self.filter(chosen)

    def of(self, *events: Event) -> EventQuerySet:
        """Rows of any of these events, whatever it was called then."""
        return self.filter(name__in=[event.name for event in events])

    def public(self) -> EventQuerySet:
        """Narrows to what a citizen may read on the timeline of their own matter."""
        return self.filter(public=True)


class RowQuerySet(models.QuerySet["AuditRow"]):
    def of(self, table_name: str, keys: Iterable[object]) -> RowQuerySet:
        """Narrows to the images of these rows."""
        return self.filter(table_name=table_name, row_key__in=[str(key) for key in keys])

    def unexplained(self) -> RowQuerySet:
        """Narrows to changes that no event explains: made by hand, or by code that left no event."""
        return self.filter(event__isnull=True)


class AuditEvent(models.Model):
    """What happened: one row an act. Labels are copied, so the event outlives whatever it speaks of."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    public = models.BooleanField()
    subject_kind = models.TextField()
    subject_key = models.TextField()
    actor_kind = models.TextField()
    actor_key = models.TextField()
    actor_label = models.TextField()
    acted_for = models.TextField()
    reason = models.TextField()
    facts = models.JSONField()
    request_id = models.TextField()
    at = models.DateTimeField()
    txid = TransactionIdField()
    session_user_name = models.TextField()
    client_addr = models.GenericIPAddressField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "audit_event"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.id} {self.name} {self.subject_kind}:{self.subject_key}"

    @cached_property
    def sentence(self) -> str:
        """The event in words, in the reader's language."""
        event = event_of(self.name)
        return event.say(self.facts) if event else self.name


class AuditRow(models.Model):
    """The image of one row as one statement left it (op D: as it was when deleted).

    `was`: the columns that an update changed, as they were. `secrets`: names of the secret columns that changed.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(AuditEvent, models.DO_NOTHING, null=True, db_constraint=False, related_name="rows")
    table_name = models.TextField()
    row_key = models.TextField()
    op = models.CharField(max_length=1, choices=OPERATIONS)
    image = models.JSONField()
    was = models.JSONField(null=True)
    secrets = ArrayField(models.TextField(), null=True)
    actor = models.TextField(null=True)
    at = models.DateTimeField()
    txid = TransactionIdField()
    session_user_name = models.TextField()
    client_addr = models.GenericIPAddressField(null=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "audit_row"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.id} {self.op} {self.table_name}:{self.row_key}"
