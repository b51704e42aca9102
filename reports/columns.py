"""What each kind of export holds: its rows, and its columns with their headings. One place for all three forms.

Accusations (检举控告) leave the system in no export, whoever asks.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.events import word_of
from audit.models import AuditEvent
from massline.keys import key_of
from petitions.columns import COLUMNS
from petitions.duties import heads_office
from petitions.figures import Period
from petitions.filters import DemandFilter
from petitions.models import Demand
from records.columns import Column, boolean, code, last_day, number, personal, text, time
from records.timeline import sentence, texts
from reports.models import What
from responsibility.models import Escalation, EscalationState, Obligation
from responsibility.models import Outcome as OwedOutcome

ACTORS = {"citizen": _("信访人"), "system": _("系统"), "user": _("工作人员")}
OTHER_SUBJECTS = ("", "export", "import", "bulletin", "organ")
"""What events may speak of besides petitions. A kind that is not named here is not exported."""


@dataclass(frozen=True)
class Asked:
    """Whose rows, narrowed how, at what moment."""

    user: User
    filter: Mapping[str, str]
    now: datetime


class FaultyFilter(Exception):
    """The filter no longer says anything: an organ or a class that is gone."""


def scope(asked: Asked) -> QuerySet[Demand]:
    """The demands that exist for this person, as the ledger narrows them; raises FaultyFilter."""
    seen = Demand.objects.for_user(asked.user)
    narrowed = DemandFilter(dict(asked.filter), seen)
    if not narrowed.form.is_valid():
        raise FaultyFilter
    return narrowed.qs


def _about(asked: Asked, prefix: str = "") -> Q:
    """What is owed about these demands, a leader's duty to answer included."""
    seen = scope(asked).order_by().values("pk")
    direct = {f"{prefix}subject_kind": "petition", f"{prefix}subject_id__in": seen}
    climbed = f"{prefix}escalation__obligation__"
    return Q(**direct) | Q(**{f"{climbed}subject_kind": "petition", f"{climbed}subject_id__in": seen})


def _ledger(asked: Asked) -> QuerySet[Any]:
    return scope(asked).order_by("pk")


def _timelines(asked: Asked) -> QuerySet[Any]:
    numbers = scope(asked).order_by().values("petition__number")
    return AuditEvent.objects.filter(subject_kind="petition", subject_key__in=numbers).order_by("subject_key", "id")


def _obligations(asked: Asked) -> QuerySet[Any]:
    return Obligation.objects.filter(_about(asked)).order_by("subject_key", "id")


def _escalations(asked: Asked) -> QuerySet[Any]:
    return Escalation.objects.filter(_about(asked, "obligation__")).order_by("obligation__subject_key", "id")


def _events(asked: Asked) -> QuerySet[Any]:
    """The log of the days that were asked for: what is about petitions that exist for the asker, and the rest."""
    numbers = scope(Asked(asked.user, {}, asked.now)).order_by().values("petition__number")
    found = AuditEvent.objects.filter(
        Q(subject_kind="petition", subject_key__in=numbers) | Q(subject_kind__in=OTHER_SUBJECTS)
    )
    form = DemandFilter(dict(asked.filter), Demand.objects.none()).form
    if not form.is_valid():
        raise FaultyFilter
    first, last = form.cleaned_data.get("received_from"), form.cleaned_data.get("received_to")
    found = found.filter(at__gte=Period(first, first).after) if first else found
    found = found.filter(at__lt=Period(last, last).until) if last else found
    return found.order_by("id")


def _in_words(event: str) -> str:
    """An event, read as JSON, as every page says it."""
    return sentence(**json.loads(event))


HAPPENED = (
    code("event", _("事件代码"), F("name"), shown=word_of),
    text("sentence", _("事件"), JSONObject(name="name", facts="facts"), shown=_in_words),
    code("actor_kind", _("操作人类别"), F("actor_kind"), ACTORS),
    text("actor", _("操作人"), F("actor_label")),
    text("acted_for", _("代谁办理"), F("acted_for")),
    boolean("public", _("信访人可见"), Q(public=True)),
)


EVENT = code("event_id", _("日志编号"), F("id"), shown=partial(key_of, "event"))
COUNTS = ("came_in", "rejected", "already_there", "until", "found", "rows")
"""Facts that count what one person saw: theirs alone, on their own pages."""
NUMBERED = Q(subject_kind__in=("export", "import"), subject_key__regex=r"^\d+$")
"""Events of the time before keys."""


class Told(Func):
    """The facts without what others may not count, and without an import's id (of the time before keys)."""

    template = (
        f"((CASE WHEN %(expressions)s ->> 'import' ~ '^[0-9]+$' THEN %(expressions)s - 'import'"
        f" ELSE %(expressions)s END) - '{{{','.join(COUNTS)}}}'::text[])::text"
    )
    output_field = TextField()


def _subject() -> Case:
    return Case(When(NUMBERED, then=Value("")), default=F("subject_key"), output_field=TextField())


TIMELINE_COLUMNS = (
    code("number", _("编号"), F("subject_key")),
    EVENT,
    time("at", _("时间（北京时间）"), "at"),
    *HAPPENED,
    personal("detail", _("办理文字"), texts()),
)


OBLIGATION_COLUMNS = (
    code("number", _("编号"), F("subject_key")),
    code("rule", _("规则"), F("rule")),
    code("edition", _("规则版本"), F("edition")),
    text("goal", _("目标"), F("goal")),
    text("requirement", _("要求"), F("requirement")),
    text(
        "organ",
        _("责任单位"),
        Coalesce(NullIf(F("organ_name"), Value("")), F("organ__name"), output_field=TextField()),
    ),
    text("post", _("责任岗位"), F("post__name")),
    boolean("of_escalation", _("是否上报件"), Q(escalation__isnull=False)),
    time("opened_at", _("起算时间（北京时间）"), "opened_at"),
    last_day("due_strict", _("截止"), "strict_at"),
    last_day("due_legal", _("法定截止"), "due_at"),
    boolean("provisional", _("日期待定"), Q(provisional=True)),
    number("extended_days", _("延期天数"), F("extended_days")),
    time("breached_at", _("超期记录时间（北京时间）"), "breached_at"),
    time("closed_at", _("完成时间（北京时间）"), "closed_at"),
    code("outcome", _("完成情况"), F("outcome"), dict(OwedOutcome.choices)),
)


ESCALATION_COLUMNS = (
    code("number", _("编号"), F("obligation__subject_key")),
    code("rule", _("规则"), F("obligation__rule")),
    text("goal", _("目标"), F("obligation__goal")),
    code("step", _("上报步骤"), F("step")),
    text("organ", _("上报到单位"), F("organ_name")),
    time("since", _("超期起（北京时间）"), "since"),
    time("noticed_at", _("告知时间（北京时间）"), "noticed_at"),
    code("state", _("状态"), F("state"), dict(EscalationState.choices)),
    text("answered_by", _("签收批示人"), F("answered_by__name")),
    time("acknowledged_at", _("签收时间（北京时间）"), "acknowledged_at"),
    time("instructed_at", _("批示时间（北京时间）"), "instructed_at"),
    personal("instruction", _("批示内容"), F("instruction")),
)


EVENT_COLUMNS = (
    EVENT,
    time("at", _("时间（北京时间）"), "at"),
    code("subject_kind", _("对象类别"), F("subject_kind")),
    text("subject", _("对象"), _subject()),
    *HAPPENED,
    text("actor_key", _("操作人账号"), F("actor_key")),
    code("request_id", _("请求编号"), F("request_id")),
    text("facts", _("事实"), Told(F("facts"))),
    personal("reason", _("理由"), F("reason")),
)


@dataclass(frozen=True)
class Sheet:
    """One kind of export."""

    rows: Callable[[Asked], QuerySet[Any]]
    declared: tuple[Column, ...]

    def columns(self, now: datetime) -> list[Column]:
        """What files hold, as of a moment and in the language that is active."""
        return [column.at(now) for column in self.declared if column.exported]


SHEETS: dict[str, Sheet] = {
    What.LEDGER: Sheet(_ledger, COLUMNS),
    What.TIMELINES: Sheet(_timelines, TIMELINE_COLUMNS),
    What.OBLIGATIONS: Sheet(_obligations, OBLIGATION_COLUMNS),
    What.ESCALATIONS: Sheet(_escalations, ESCALATION_COLUMNS),
    What.EVENTS: Sheet(_events, EVENT_COLUMNS),
}
SEALED_KEY = "petition__petitioner__key"


def may_export(user: User) -> tuple[What, ...]:
    """Auditors take out everything; inspectors and heads of petition offices the ledger. Nobody else exports."""
    if not user.is_active:
        return ()
    if user.kind == Kind.AUDITOR:
        return tuple(What)
    if user.kind == Kind.INSPECTOR:
        return (What.LEDGER,)
    if user.kind != Kind.OFFICIAL:
        return ()
    return (What.LEDGER,) if heads_office(user) else ()


def personal_fields(user: User, what: str) -> dict[str, Any]:
    """The personal fields that this person may ask for: auditors alone."""
    if user.kind != Kind.AUDITOR or what not in SHEETS:
        return {}
    return {c.name: c.heading for c in SHEETS[what].declared if c.personal}


def chosen(what: str, fields: list[str], now: datetime) -> list[Column]:
    """The columns of one export."""
    return [c for c in SHEETS[what].columns(now) if not c.personal or c.name in fields]


def selected(rows: QuerySet[Any], columns: list[Column]) -> QuerySet[Any]:
    """The rows with these columns in this order; for sealed ones, as they lie, and the row's key at the end."""
    sources: dict[str, Any] = {}
    for column in columns:
        source = F(f"petition__petitioner__{column.name}_sealed") if column.sealed else column.source
        sources[f"c_{column.name}"] = source
    if any(column.sealed for column in columns):
        sources |= {"c_key": F(SEALED_KEY), "c_petition": F("petition_id")}
    return rows.annotate(**sources).values_list(*sources)
