"""The acts on a publication: another post clears it, its proposer retracts it before, and it is withdrawn after."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.context import SYSTEM, acting
from audit.events import Event
from massline.acts import Act, Acts, Doing, Refused, perform
from massline.inputs import Reason
from records.effects import Writes
from records.kinds import acts_of
from records.publishing import events
from records.publishing.duty import organ_above
from records.publishing.forms import ABOVE, ClearForm
from records.publishing.models import CLEARER, OPEN, PROPOSER, SYSTEM_ROLE, Publication, PublicationState, Result
from records.publishing.proposing import ProposePublication, publishing_act
from responsibility import obligations
from responsibility.effects import Closes, Notifies, OnlyIf, Releases
from responsibility.recording import posts_acted_in

AFTER_REFERRAL = "PB02"
EVENTS = {
    Result.PUBLIC: events.PUBLISHED,
    Result.PARTLY_PUBLIC: events.PARTLY_PUBLISHED,
    Result.REFUSED: events.REFUSED,
    PublicationState.REFERRED: events.REFERRED,
}
STATES = {
    Result.PUBLIC: PublicationState.PUBLIC,
    Result.PARTLY_PUBLIC: PublicationState.PUBLIC,
    Result.REFUSED: PublicationState.REFUSED,
    PublicationState.REFERRED: PublicationState.REFERRED,
}


def _proposer(publication: Publication) -> list[tuple[int, int | None]]:
    return [(publication.made_by_id, None)]


def _referred(doing: Doing) -> bool:
    return doing.data["result"] == PublicationState.REFERRED


def _decided(doing: Doing) -> bool:
    return not _referred(doing)


class OnTimelineOfSource:
    """Records the same event on the timeline of the source; nothing inside the office's review shows there."""

    def apply(self, doing: Doing) -> None:
        event: Event = doing.act.event_of(doing)
        if event.public:
            source, facts = doing.record.source, {"by": doing.record.organ.name, "at": doing.at.isoformat()}
            log.record(event, subject=log.Subject(source.kind, source.key), facts=facts)
            assert doing.event is not None
            log.resume(doing.event)


class EndsPublication:
    """Ends what was public; the hash stays."""

    def apply(self, doing: Doing) -> None:
        doing.record.ended_at = doing.at


class Supersede(Act):
    """更正取代: another publication of the same record (`by`) takes its place at the same moment."""

    slug, label = "supersede", _("由更正取代")
    basis = "更正后的内容公开时，原内容同时不再公开；校验值保留"
    from_states, to = frozenset({PublicationState.PUBLIC}), (PublicationState.SUPERSEDED,)
    roles = frozenset({SYSTEM_ROLE})
    event, effects = events.SUPERSEDED, (EndsPublication(),)

    def __init__(self, by: str = "") -> None:
        self.by = by

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"by": self.by}


class Supersedes:
    """Ends what was public of the same record until now."""

    def apply(self, doing: Doing) -> None:
        if doing.record.state != PublicationState.PUBLIC:
            return
        source = doing.record.source
        public = Publication.objects.about(source.kind, source.pk).filter(state=PublicationState.PUBLIC)
        with acting(SYSTEM):
            for old in public.values_list("pk", flat=True):
                perform(Supersede(doing.record.number), Publication, old, SYSTEM, {}, at=doing.at)
        assert doing.event is not None
        log.resume(doing.event)


class DischargesSource:
    """Closes what the record owed as its publication."""

    def apply(self, doing: Doing) -> None:
        source = doing.record.source
        act = publishing_act(acts_of(source.kind))
        if act and act.discharges and doing.record.state == PublicationState.PUBLIC:
            obligations.close_all(source, doing.at, act.discharges)


class StoresClearing:
    """Stores the words that become public, who cleared them in which post, and what they checked."""

    def apply(self, doing: Doing) -> None:
        record, data = doing.record, doing.data
        record.clear(data["words"], Result(data["result"]), doing.at)
        record.cleared_by, record.cleared_post_id = doing.actor, posts_acted_in(doing)[0].post
        record.grounds = data["grounds"] if data["result"] != Result.REFUSED else []


class Refers:
    """Hands the publication to the clearing organ above, or leaves it with this one until it is decided outside; the
    decision is owed anew."""

    def apply(self, doing: Doing) -> None:
        record = doing.record
        if doing.data["refer_to"] == ABOVE:
            record.organ = organ_above(record.organ)
        obligations.open_(record.matter, AFTER_REFERRAL, record.chain_subject(), doing.at)


class Clear(Act):
    """保密审查: another post than the proposer's decides what of it becomes public."""

    slug, label, button = "clear", _("保密审查"), _("确认审查结果")
    basis = "《政府信息公开条例》第十七条：公开前由保密审查机构审查；申请的人不审查"
    from_states, roles = OPEN, frozenset({CLEARER})
    to = tuple(dict.fromkeys(STATES.values()))
    form = ClearForm
    event = events.PUBLISHED
    other_hands_than = (ProposePublication.slug,)
    same_hands = _("申请公开的人不能自己审查，请由另一岗位的人审查")
    effects = (
        Writes("reason"),
        Closes(),
        OnlyIf(_referred, Refers()),
        OnlyIf(_decided, Supersedes()),
        OnlyIf(_decided, StoresClearing()),
        DischargesSource(),
        OnTimelineOfSource(),
        OnlyIf(_decided, Notifies(events.DECIDED, _proposer)),
    )

    def check(self, doing: Doing) -> None:
        if not posts_acted_in(doing):
            raise Refused(self.same_hands)

    def target(self, doing: Doing) -> str:
        return STATES[doing.data["result"]]

    def event_of(self, doing: Doing) -> Event:
        return EVENTS[doing.data["result"]]

    def facts(self, doing: Doing) -> dict[str, Any]:
        if not _referred(doing):
            return {}
        above = organ_above(doing.record.organ) if doing.data["refer_to"] == ABOVE else None
        return {"to": above.name if above else _now("平台以外的主管部门")}


class Retract(Act):
    """撤回申请: before it is decided."""

    slug, label, tone = "retract", _("撤回申请"), "danger"
    basis = "申请人在审查决定之前可以撤回"
    from_states, to, roles = OPEN, (PublicationState.RETRACTED,), frozenset({PROPOSER})
    event = events.RETRACTED
    effects = (Releases(),)


class WithdrawPublication(Act):
    """撤回公开: at once, by the organ that cleared it or by its proposer."""

    slug, label, tone = "withdraw", _("撤回公开"), "danger"
    description = _("立即不再公开；校验值（哈希）保留，公众可以看到曾经公开以及撤回的日期。")
    basis = "发现不应公开的立即撤回；撤回留痕"
    from_states = frozenset({PublicationState.PUBLIC})
    to, roles = (PublicationState.WITHDRAWN,), frozenset({CLEARER, PROPOSER})
    fields = (Reason("reason", _("撤回的理由"), hint=_("申请人会看到。"), max_length=1000),)
    event = events.WITHDRAWN
    effects = (Writes("reason"), EndsPublication(), OnTimelineOfSource(), Notifies(events.TAKEN_DOWN, _proposer))


PUBLICATION_ACTS = Acts(Clear, Retract, WithdrawPublication)
