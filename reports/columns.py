"""The columns of exports that all kinds share: timelines, obligations, escalations, and the log."""

import json
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext_lazy as _

from audit import subjects
from audit.events import public_name_of
from massline.keys import key_of
from records.columns import boolean, code, last_day, number, personal, text, time
from records.kinds import exported_kinds
from records.timeline import sentence, texts
from responsibility.models import EscalationState
from responsibility.models import Outcome as OwedOutcome


def _in_words(event: str) -> str:
    """Says an event, read as JSON, as every page says it."""
    return sentence(**json.loads(event))


def _actors() -> dict[str, Any]:
    """Names the kinds of actors; people from outside as their kind of record names them."""
    return {"system": _("系统"), "user": _("工作人员")} | {d.kind: d.citizen for d in exported_kinds()}


ACTOR = Case(When(actor_kind="citizen", then=F("subject_kind")), default=F("actor_kind"), output_field=TextField())
HAPPENED = (
    code("event", _("事件代码"), F("name"), shown=public_name_of),
    text("sentence", _("事件"), JSONObject(name="name", facts="facts", kind="subject_kind"), shown=_in_words),
    code("actor_kind", _("操作人类别"), ACTOR, _actors),
    text("actor", _("操作人"), F("actor_label")),
    text("acted_for", _("代谁办理"), F("acted_for")),
    boolean("public", _("信访人可见"), Q(public=True)),
)


EVENT = code("event_id", _("日志编号"), F("id"), shown=partial(key_of, "event"))
COUNTS = ("came_in", "rejected", "already_there", "until", "found", "rows")
"""Facts that count what one person saw: theirs alone, on their own pages."""


class Told(Func):
    """An event's facts without what others may not count, and without an import's id (of the time before keys)."""

    template = (
        f"((CASE WHEN %(expressions)s ->> 'import' ~ '^[0-9]+$' THEN %(expressions)s - 'import'"
        f" ELSE %(expressions)s END) - '{{{','.join(COUNTS)}}}'::text[])::text"
    )
    output_field = TextField()


def _subject(now: datetime) -> Case:
    """Returns an event's subject without the ids of the time before keys."""
    by_id = Q(subject_kind__in=subjects.kinds(keyed=True), subject_key__regex=r"^\d+$")
    return Case(When(by_id, then=Value("")), default=F("subject_key"), output_field=TextField())


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
    text("subject", _("对象"), _subject),
    *HAPPENED,
    text("actor_key", _("操作人账号"), F("actor_key")),
    code("request_id", _("请求编号"), F("request_id")),
    text("facts", _("事实"), Told(F("facts"))),
    personal("reason", _("理由"), F("reason")),
)
