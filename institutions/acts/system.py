"""What the system does to a regulation: it follows the text that is promulgated, and lapses after its last day.

These acts stand in no form and in no REST.
"""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit import log
from audit.context import SYSTEM, acting
from institutions import events, notices
from institutions.acts.base import BY_SYSTEM, TO_FILE, TO_FILL_POSTS, TO_IMPLEMENT, TO_PUBLISH, TO_REVIEW
from institutions.acts.effects import end_text
from institutions.models import CONSULTED, Regulation, RegulationState, RegulationText
from massline.acts import Act, Doing, WrongState, perform
from massline.time import local_day
from responsibility import obligations
from responsibility.effects import Closes, Notifies, Opens, Releases
from responsibility.rules import applied

IN_FORCE = frozenset({RegulationState.IN_FORCE})


def owes(regulation: Regulation, rule: str) -> bool:
    """Tells whether something is open under a rule."""
    return any(one.closed_at is None and one.rule == rule for one in regulation.owed)


class FollowsText:
    """Writes number and days of the text that was promulgated."""

    def __init__(self, text: RegulationText | None, expires: date | None) -> None:
        self.text, self.expires = text, expires

    def apply(self, doing: Doing) -> None:
        assert self.text is not None
        doing.record.document_number = self.text.document_number
        doing.record.in_force_from = doing.record.in_force_from or self.text.since
        doing.record.expires = self.expires


class OpensDuties:
    """Opens what is owed of a text that was promulgated: to publish and to file it, to review it, to implement it. The
    edition numbers what is owed of each text."""

    def __init__(self, text: RegulationText | None) -> None:
        self.text = text

    def apply(self, doing: Doing) -> None:
        assert self.text is not None
        regulation, day = doing.record, local_day(doing.at)
        matter, organ, owner = regulation.matter, regulation.organ_chain_subject(), regulation.chain_subject()
        filing = TO_FILE.get(regulation.kind)
        if regulation.kind in CONSULTED:
            obligations.open_(matter, TO_PUBLISH, organ, doing.at, item=self.text.edition)
        if filing and applied(filing, day):
            obligations.open_(matter, filing, organ, doing.at, item=self.text.edition)
        if not owes(regulation, TO_REVIEW):
            obligations.open_(matter, TO_REVIEW, owner, doing.at)
        due = regulation.implements_due
        if due and due > day and not owes(regulation, TO_IMPLEMENT):
            obligations.open_(matter, TO_IMPLEMENT, owner, doing.at, days=(due - day).days)


class EnterForce(Act):
    """Follows the text that was promulgated."""

    slug, label, basis = "enter_force", _("公布施行"), "文本公布后，由系统更新"
    from_states, to = IN_FORCE | {RegulationState.PROPOSED}, (RegulationState.IN_FORCE,)
    roles, event = BY_SYSTEM, events.ENTERED_FORCE

    def __init__(self, text: RegulationText | None = None, expires: date | None = None) -> None:
        self.text = text
        self.effects = (FollowsText(text, expires), OpensDuties(text))  # type: ignore[misc]

    def facts(self, doing: Doing) -> dict[str, Any]:
        assert self.text is not None and self.text.since is not None
        return {"edition": self.text.edition, "day": self.text.since.isoformat()}


class Lapses:
    """Ends the text after the last day of the regulation."""

    def apply(self, doing: Doing) -> None:
        end_text(doing.record, doing.record.expires + timedelta(days=1))


class Lapse(Act):
    """Lapses after its last day (有效期届满失效)."""

    slug, label, basis = "lapse", _("到期失效"), "有效期届满的自动失效，由系统办理"
    from_states, to, roles, event = IN_FORCE, (RegulationState.LAPSED,), BY_SYSTEM, events.LAPSED
    effects = (
        Lapses(),
        Releases(),
        Notifies(notices.LAPSED, lambda regulation: [*regulation.owners(), *regulation.organ_people()]),
    )

    def check(self, doing: Doing) -> None:
        if doing.record.expires is None or doing.record.expires >= local_day(doing.at):
            raise WrongState(_("有效期还没有届满"))


class FindFaultyPosts(Act):
    """Notes that one of its posts is held by nobody, or that one post decides and carries out, or supervises, too; the
    organ owes to put that right."""

    slug, label, basis = "find_faulty_posts", _("三有检查"), "每项制度都有执行主体、检查监督、问责机制；每晚由系统检查"
    from_states, roles, event = IN_FORCE, BY_SYSTEM, events.POSTS_AT_FAULT
    effects = (Opens(TO_FILL_POSTS, "organ_chain_subject"),)

    def __init__(self, what: tuple[str, ...] = ()) -> None:
        self.what = what

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"what": list(self.what)}


class FindPostsRight(Act):
    """Notes that its posts are right again."""

    slug, label, basis = "find_posts_right", _("三有检查通过"), "每晚由系统检查"
    from_states, roles, event = IN_FORCE, BY_SYSTEM, events.POSTS_RIGHT
    effects = (Closes(TO_FILL_POSTS),)


class EntersForce:
    """Has the regulation follow the text that is promulgated: the system does it, by an act of its own."""

    def apply(self, doing: Doing) -> None:
        assert doing.event is not None
        with acting(SYSTEM):
            act = EnterForce(doing.record, doing.data["expires"])
            perform(act, Regulation, doing.record.regulation_id, SYSTEM, {}, at=doing.at)
        log.resume(doing.event)
