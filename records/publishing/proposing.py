"""The act by which an official proposes to publish words of a record (申请公开). A kind that publishes declares it.

class PublishVisit(ProposePublication):
    from_states, roles = frozenset({VisitState.CHECKED}), READERS
    fields = (Text("visited", _("走访谁")), Text("found", _("走访情况")))
    suggested = {"visited": lambda visit: visit.title}
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import context, log
from massline.acts import Act, Doing, WrongState
from records.publishing import events
from records.publishing.duty import clearing_organ
from records.publishing.models import Publication, PublicationState, canonical
from responsibility import obligations
from responsibility.people import position_of
from responsibility.recording import STOOD_IN_FOR, posts_acted_in, stood_in_for

TO_CLEAR = "PB01"
WAITING = _("已经有一份公开申请在等待保密审查")
NOBODY = _("本地区还没有保密审查机构，不能公开")


class CreatesPublication:
    """Creates the publication with the words of the form, and opens what the clearing organ owes."""

    def apply(self, doing: Doing) -> None:
        organ = clearing_organ(doing.record.organ)
        assert organ is not None and doing.event is not None
        source = doing.record.matter
        known = Publication.objects.about(source.kind, source.pk)
        made = Publication(
            number=Publication.numbers().draw(doing.at),
            source_kind=source.kind,
            source_id=source.pk,
            source_key=source.key,
            organ=organ,
            content=canonical({name: text for name, text in doing.data.items() if text}),
            made_by=doing.actor,
            made_post_id=_post(doing),
            received_at=doing.at,
            corrects=known.filter(state=PublicationState.PUBLIC).first(),
        )
        _record_made(made, doing)
        made.save(force_insert=True)
        obligations.open_(made.matter, TO_CLEAR, made.chain_subject(), doing.at)
        log.resume(doing.event)


def _post(doing: Doing) -> int:
    """Returns the post in which the actor proposes."""
    used = posts_acted_in(doing) or position_of(doing.actor).held
    return used[0].post


def _record_made(made: Publication, doing: Doing) -> None:
    """Begins the publication's own timeline. Its event names the act, so that whoever did it never clears this."""
    used = posts_acted_in(doing)
    facts: dict[str, Any] = {"act": ProposePublication.slug, "at": doing.at.isoformat()}
    if stood_in_for(used):
        facts[STOOD_IN_FOR] = [held.acting_for_user for held in used if held.acting_for_user]
    actor = context.actor_of(doing.actor).on_behalf_of(stood_in_for(used))
    log.record(events.MADE, subject=log.Subject(made.KIND, made.number), actor=actor, facts=facts)


class ProposePublication(Act):
    """Proposes words for publication. `fields` names them one by one, in the order in which the public reads them; the
    first one is the title of the list."""

    slug, label, button = "propose_publication", _("申请公开"), _("提交保密审查")
    description = _("只有这里写的内容会公开。请删去不宜公开的部分；由另一岗位的人审查以后才公开。")
    basis = "《政府信息公开条例》第十七条：公开前应当审查；默认不公开"
    event = events.PROPOSED
    effects = (CreatesPublication(),)
    suggested: ClassVar[Mapping[str, Callable[[Any], str]]] = {}
    """The text of the record that is filled in for each field; the proposer reads and shortens it."""

    discharges: ClassVar[tuple[str, ...]] = ()
    """The rules under which the record owes its publication: what is owed under them is done once words are public."""

    def check(self, doing: Doing) -> None:
        matter = doing.record.matter
        if Publication.objects.open().about(matter.kind, matter.pk).exists():
            raise WrongState(WAITING)
        if clearing_organ(doing.record.organ) is None:
            raise WrongState(NOBODY)

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        form = super().build_form(record, actor, data)
        if record is not None:
            form.initial.update({name: text(record) for name, text in self.suggested.items()})
        return form

    @property
    def labels(self) -> dict[str, Any]:
        """The headings of the words by their names, in their order."""
        return {name: field.label for name, field in self.form.base_fields.items()}


def publishing_act(acts: Iterable[Act]) -> ProposePublication | None:
    """Returns the act by which a kind with these acts publishes; None where it publishes nothing."""
    return next((act for act in acts if isinstance(act, ProposePublication)), None)
