"""REST for leaders: what has climbed to me, and what I do with it."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.tokens import SignedIn
from massline.acts import Invalid, NotVisible, perform
from massline.rest import body_of, problems
from massline.rest_acts import OpenAct, act_data, act_parameter, inputs_of, open_acts
from responsibility import ladder, obligations
from responsibility.acts import ADDRESSEE, LEADER_ACTS
from responsibility.desk import climbed_to
from responsibility.models import Appointment, Escalation, EscalationState, Obligation, today
from responsibility.show import light_of, through
from responsibility.subjects import adapter

SIZE = 50
SALT = "massline.escalations"
PRIVATE = {"Cache-Control": "private, no-store"}
Serializer = s.Serializer[Any]


class Owed(Serializer):
    """What the leader owes: to acknowledge, to instruct."""

    rule = s.CharField()
    title = s.CharField()
    due_strict = s.CharField()
    due_legal = s.CharField()
    overdue = s.BooleanField()
    light = s.CharField()


class Rung(Serializer):
    organ = s.CharField()
    post = s.CharField()
    people = s.ListField(child=s.CharField())
    skipped = s.CharField()


class EscalationRow(Serializer):
    """One step of one obligation up the chain."""

    id = s.IntegerField()
    number = s.CharField()
    title = s.CharField()
    step = s.CharField()
    step_label = s.CharField()
    since = s.DateTimeField(help_text="When the obligation fell due.")
    noticed_at = s.DateTimeField(help_text="When the notice stood in the inbox.")
    state = s.ChoiceField(choices=EscalationState.choices)
    state_label = s.CharField()
    organ = s.CharField(help_text="The code of the organ that owes it")
    organ_name = s.CharField()
    goal = s.CharField()
    basis = s.CharField()
    due = Owed(many=True)
    through = Rung(many=True, help_text="Who was told below, and who was passed over and why.")
    instruction = s.CharField()
    acts = s.ListField(child=s.ChoiceField(choices=[act.slug for act in LEADER_ACTS]))


class OneEscalation(EscalationRow):
    acts = OpenAct(many=True)  # type: ignore[assignment]


class EscalationRows(Serializer):
    results = EscalationRow(many=True)
    next = s.URLField(allow_null=True)


class LeaderInput(Serializer):
    pass


def shown(rows: list[Escalation], user: Any) -> list[dict[str, Any]]:
    """Those whose matter exists for this person, in a fixed number of queries."""
    titles: dict[tuple[str, int], str] = {}
    for kind in {e.obligation.subject_kind for e in rows}:
        pks = {e.obligation.subject_id for e in rows if e.obligation.subject_kind == kind}
        titles |= {(kind, pk): about.title for pk, about in adapter(kind).describe(pks, user).items()}
    below, now = through(rows), timezone.now()
    return [
        _shown(e, titles[e.obligation.subject_kind, e.obligation.subject_id], below[e.pk], now)
        for e in rows
        if (e.obligation.subject_kind, e.obligation.subject_id) in titles
    ]


def _shown(e: Escalation, title: str, below: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    applied = obligations.rule_of(e.obligation)
    return {
        "id": e.pk,
        "number": e.obligation.subject_key,
        "title": title,
        "step": e.step,
        "step_label": ladder.label(e.step),
        "since": e.since,
        "noticed_at": e.noticed_at,
        "state": e.state,
        "state_label": e.get_state_display(),
        "organ": e.obligation.organ.code,
        "organ_name": e.obligation.organ.name,
        "goal": applied.shown_title,
        "basis": applied.shown_basis,
        "due": [_owed(o, now) for o in e.owed.all() if o.closed_at is None],
        "through": below,
        "instruction": e.instruction,
        "acts": [act.slug for act in LEADER_ACTS if act.allowed(e, {ADDRESSEE})],
    }


def _owed(o: Obligation, now: datetime) -> dict[str, Any]:
    return {
        "rule": o.rule,
        "title": obligations.rule_of(o).shown_title,
        "due_strict": o.due_strict,
        "due_legal": o.due_legal,
        "overdue": o.is_overdue(now),
        "light": light_of(o, now),
    }


class Escalations(APIView):
    @extend_schema(
        tags=["escalations"],
        summary="What has climbed to me: what waits for me first, then newest first",
        operation_id="escalations",
        parameters=[OpenApiParameter("cursor", str, description="From `next`")],
        responses={200: EscalationRows} | problems(400, 401),
    )
    def get(self, request: SignedIn) -> HttpResponseBase:
        rows = climbed_to(request.user)
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
    return signing.dumps([last.state in Escalation.OPEN, last.noticed_at.isoformat(), last.pk], salt=SALT)


def _beyond(cursor: str) -> Q:
    try:
        waiting, noticed, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadRequest("not a cursor of ours") from error
    group = Q(state__in=Escalation.OPEN) if waiting else ~Q(state__in=Escalation.OPEN)
    at = datetime.fromisoformat(noticed)
    further = group & (Q(noticed_at__lt=at) | Q(noticed_at=at, pk__lt=pk))
    return further | ~Q(state__in=Escalation.OPEN) if waiting else further


def _mine(user: Any, pk: int) -> tuple[Escalation, dict[str, Any]]:
    """The escalation as this person sees it; the same 404 for all that are not addressed to them."""
    found = climbed_to(user).filter(pk=pk).first()
    visible = shown([found], user) if found else []
    if found is None or not visible:
        raise NotVisible(_("没有这件上报件，或者它不是报给您的"))
    return found, visible[0]


def _in_full(user: Any, pk: int) -> Response:
    e, found = _mine(user, pk)
    return Response(found | {"acts": open_acts(LEADER_ACTS.open_to(e, user), e, user)}, headers=PRIVATE)


class EscalationDetail(APIView):
    @extend_schema(
        tags=["escalations"],
        summary="One of them, with the acts that are open to the caller now",
        operation_id="escalation",
        responses={200: OneEscalation} | problems(401, 404),
    )
    def get(self, request: SignedIn, pk: int) -> HttpResponseBase:
        return _in_full(request.user, pk)


class EscalationAct(APIView):
    @extend_schema(
        tags=["escalations"],
        summary="Acknowledge, instruct (批示) or reassign",
        description="`post` of reassign is a post's id, or the username of who holds it.",
        operation_id="escalation_act",
        parameters=[act_parameter(LEADER_ACTS)],
        request=inputs_of("LeaderAct", LEADER_ACTS, LeaderInput),
        responses={200: OneEscalation} | problems(400, 401, 404, 409, 422),
    )
    def post(self, request: SignedIn, pk: int, act: str) -> HttpResponseBase:
        body = body_of(request)
        mine, _shown_before = _mine(request.user, pk)
        chosen = LEADER_ACTS[act]
        data = dict(act_data(chosen, mine, request.user, body))
        if "post" in data:
            data["post"] = _post(str(data["post"]), mine)
        perform(chosen, Escalation, mine.pk, request.user, data)
        return _in_full(request.user, pk)


def _post(named: str, e: Escalation) -> str:
    """A post by its id, or by the username of who holds it in the organ that has the work."""
    if named.isascii() and named.isdigit():
        return named
    if "\0" in named:
        raise Invalid({"post": [_("没有这个人")]})
    held = Appointment.objects.on(today()).filter(user__username=named, post__organ=e.obligation.organ_id)
    return str(held.values_list("post", flat=True).first() or "")
