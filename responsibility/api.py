"""REST for leaders: the escalations to them, and their acts on one."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.response import Response

from accounts.tokens import SignedIn
from massline import keys
from massline.acts import NotVisible
from massline.api_docs import GROUPS
from massline.pages import BadCursor, open_cursor, seal_cursor
from massline.rest import body_of, problems
from massline.rest_acts import OpenAct, act_parameter, inputs_of, open_acts
from massline.rest_endpoint import Endpoint
from massline.rest_shapes import component, serializer_of
from responsibility import ladder, obligations
from responsibility.acts import ADDRESSEE, LEADER_ACTS
from responsibility.desk.escalations import escalated_to
from responsibility.models import Escalation, EscalationState, Obligation
from responsibility.performing import perform_from_json
from responsibility.presentation import Rung, goal_of, light_of, rungs_below
from responsibility.subjects import Ordered, adapter, ordered

GROUPS["escalations"] = gettext_lazy("上报件")
SIZE = 50
PRIVATE = {"Cache-Control": "private, no-store"}


@dataclass(frozen=True)
class LeaderOwes:
    """What the leader owes: to acknowledge, to instruct."""

    rule: str
    title: str
    due_strict: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    overdue: bool
    light: str


@dataclass(frozen=True, kw_only=True)
class EscalationRow:
    """One step of one obligation up the chain."""

    id: Annotated[str, gettext_lazy("不透明的键：没有先后，只能原样用在地址里。")]
    number: str
    title: str
    step: str
    step_label: str
    since: Annotated[datetime, gettext_lazy("到期的时刻。")]
    noticed_at: Annotated[datetime, gettext_lazy("告知到达收件箱的时刻。")]
    state: EscalationState
    state_label: str
    organ: Annotated[str, gettext_lazy("责任单位的代码")]
    organ_name: str
    goal: str
    basis: str
    light: Annotated[str, gettext_lazy("上报的这件事的灯；您自己的时限各有各的灯，在 due 中。")]
    due: list[LeaderOwes]
    through: Annotated[list[Rung], gettext_lazy("此前逐级告知了谁，跳过了谁、为什么。")]
    instruction: str
    acts: list[Any]


ACTS = s.ListField(child=s.ChoiceField(choices=[act.slug for act in LEADER_ACTS]))
ROW = component("EscalationRow", {"acts": ACTS}, serializer_of(EscalationRow))
ROWS = component("EscalationRows", {"results": ROW(many=True), "next": s.URLField(allow_null=True)})
DETAIL = component("EscalationDetail", {"acts": OpenAct(many=True)}, serializer_of(EscalationRow))


def shown(rows: list[Escalation], user: Any) -> list[EscalationRow]:
    """Returns the rows whose record exists for this person, in a fixed number of queries."""
    titles: dict[tuple[str, int], str] = {}
    for kind in {e.obligation.subject_kind for e in rows}:
        pks = {e.obligation.subject_id for e in rows if e.obligation.subject_kind == kind}
        titles |= {(kind, pk): about.title for pk, about in adapter(kind).describe(pks, user).items()}
    below, words, now = rungs_below(rows), ordered(e.obligation for e in rows), timezone.now()
    return [
        _shown(e, titles[e.obligation.subject_kind, e.obligation.subject_id], below[e.pk], words, now)
        for e in rows
        if (e.obligation.subject_kind, e.obligation.subject_id) in titles
    ]


def _shown(e: Escalation, title: str, below: list[Rung], words: dict[int, Ordered], now: datetime) -> EscalationRow:
    return EscalationRow(
        id=keys.key_of("escalation", e.pk),
        number=e.obligation.subject_key,
        title=title,
        step=e.step,
        step_label=ladder.label(e.step),
        since=e.since,
        noticed_at=e.noticed_at,
        state=EscalationState(e.state),
        state_label=e.get_state_display(),
        organ=e.obligation.organ.code,
        organ_name=e.obligation.organ.name,
        goal=goal_of(e.obligation, words),
        basis=obligations.rule_of(e.obligation).shown_basis,
        light=light_of(e.obligation, now),
        due=[_owed(o, now) for o in e.owed.all() if o.closed_at is None],
        through=below,
        instruction=e.instruction,
        acts=[act.slug for act in LEADER_ACTS if act.allowed(e, {ADDRESSEE})],
    )


def _owed(o: Obligation, now: datetime) -> LeaderOwes:
    return LeaderOwes(
        rule=o.rule,
        title=obligations.rule_of(o).shown_title,
        due_strict=o.due_strict,
        due_legal=o.due_legal,
        provisional=o.provisional,
        overdue=o.is_overdue(now),
        light=light_of(o, now),
    )


class Escalations(Endpoint):
    PARAMETERS = ("cursor",)

    @extend_schema(
        tags=["escalations"],
        summary=gettext_lazy("上报到我这里的：待我处理的在前，新的在前"),
        operation_id="responsibility_escalations_list",
        parameters=[OpenApiParameter("cursor", str, description=gettext_lazy("取自 next"))],
        responses={200: ROWS} | problems(400, 401, 403),
    )
    def get(self, request: SignedIn) -> HttpResponseBase:
        rows = escalated_to(request.user)
        if cursor := request.GET.get("cursor", ""):
            rows = rows.filter(_beyond(cursor))
        found = list(rows[: SIZE + 1])
        last = found[SIZE - 1] if len(found) > SIZE else None
        link = f"?cursor={_cursor(last)}" if last else None
        answer = {
            "results": shown(found[:SIZE], request.user),
            "next": link and request.build_absolute_uri(link),
        }
        return Response(answer, headers=PRIVATE)


def _cursor(last: Escalation) -> str:
    return seal_cursor([last.state in Escalation.OPEN, last.noticed_at.isoformat(), last.pk])


def _beyond(cursor: str) -> Q:
    try:
        waiting, noticed, pk = open_cursor(cursor)
        at = datetime.fromisoformat(noticed)
    except (ValueError, TypeError) as error:  # a cursor of another list
        raise BadCursor("not a cursor of this list") from error
    group = Q(state__in=Escalation.OPEN) if waiting else ~Q(state__in=Escalation.OPEN)
    further = group & (Q(noticed_at__lt=at) | Q(noticed_at=at, pk__lt=pk))
    return further | ~Q(state__in=Escalation.OPEN) if waiting else further


def _mine(user: Any, key: str) -> tuple[Escalation, EscalationRow]:
    """Returns the escalation by its key; the same 404 for all that are not addressed to this person, and for no key."""
    try:
        found = escalated_to(user).filter(pk=keys.id_of("escalation", key)).first()
    except keys.NotAKey:
        found = None
    visible = shown([found], user) if found else []
    if found is None or not visible:
        raise NotVisible(_("没有这件上报件，或者它不是报给您的"))
    return found, visible[0]


def _in_full(user: Any, key: str) -> Response:
    e, found = _mine(user, key)
    acts = open_acts(LEADER_ACTS.open_to(e, user), e, user)
    return Response(replace(found, acts=acts), headers=PRIVATE)


class EscalationDetail(Endpoint):
    @extend_schema(
        tags=["escalations"],
        summary=gettext_lazy("其中一件，以及您现在可以办理的步骤"),
        operation_id="responsibility_escalations_retrieve",
        responses={200: DETAIL} | problems(401, 403, 404),
    )
    def get(self, request: SignedIn, pk: str) -> HttpResponseBase:
        return _in_full(request.user, pk)


class EscalationAct(Endpoint):
    @extend_schema(
        tags=["escalations"],
        summary=gettext_lazy("签收、批示、批示改派"),
        description=gettext_lazy("改派时的 post 是 acts 中所列岗位的键，或者任职人的用户名。"),
        operation_id="responsibility_escalations_act",
        parameters=[act_parameter(LEADER_ACTS)],
        request=inputs_of("Escalation", LEADER_ACTS),
        responses={200: DETAIL} | problems(400, 401, 403, 404, 409, 422),
    )
    def post(self, request: SignedIn, pk: str, act: str) -> HttpResponseBase:
        body = body_of(request)
        mine, _shown_before = _mine(request.user, pk)
        chosen = LEADER_ACTS[act]
        perform_from_json(chosen, mine, request.user, body)
        return _in_full(request.user, pk)
