"""The acts on a regulation: from its proposal over reviews and revisions to its end."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions import events, notices
from institutions.acts.base import (
    DRAFTERS,
    LEADERS,
    READERS,
    TO_ANSWER_FILING,
    TO_FILE,
    TO_IMPLEMENT,
    TO_PUBLISH,
    TO_REVIEW,
)
from institutions.acts.effects import DraftsText, EndsText, HandsToOwner, NotPast, SetsDuties
from institutions.acts.regulation_forms import DutiesForm, RepealForm, ReviseForm
from institutions.acts.system import owes
from institutions.models import OPEN_TEXT, Regulation, RegulationRole, RegulationState
from institutions.wording import write_articles
from massline.acts import Act, Acts, Doing, WrongState
from massline.inputs import Choice, Reason, Text
from records.effects import Writes
from records.files.acts import Attach
from records.models import RecordRole
from records.publishing.proposing import ProposePublication
from responsibility.effects import Closes, Notifies, Opens, Releases

PROPOSED = frozenset({RegulationState.PROPOSED})
IN_FORCE = frozenset({RegulationState.IN_FORCE})
ALIVE = PROPOSED | IN_FORCE


def wording_in_force(regulation: Regulation) -> str:
    """Returns the words of the text that was promulgated last; none where there is none."""
    last = regulation.last_text
    return write_articles(last.last_articles or ()) if last else ""


def _check_no_open_text(doing: Doing) -> None:
    if any(one.state in OPEN_TEXT for one in doing.record.all_texts):
        raise WrongState(_("还有一个文本在起草，请先公布或者撤回"))


class OwnAct(Act):
    """An act on a regulation of an organ of ours: a law from outside is only entered and repealed here."""

    def check(self, doing: Doing) -> None:
        if doing.record.is_external:
            raise WrongState(_("上位法由制定机关修改，这里只收录和废止"))


class SetDuties(OwnAct):
    """Changes who carries it out, who supervises it, who answers for it (三有); the new owner owes what the old one
    did."""

    slug, label, basis = "set_duties", _("修改责任"), "每项制度都有执行主体、检查监督、问责机制"
    button = _("保存")
    from_states, roles, form = ALIVE, LEADERS, DutiesForm
    event = events.DUTIES_SET
    effects = (NotPast("implements_due"), SetsDuties(), HandsToOwner(TO_REVIEW, TO_IMPLEMENT))

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        return DutiesForm(data, record)


class Revise(OwnAct):
    """Drafts a new text; the old one stays in force until the new one takes its place."""

    slug, label, basis = "revise", _("起草新文本"), "修订期间，现行文本继续有效"
    button = _("起草")
    from_states, roles, form = ALIVE, DRAFTERS | LEADERS, ReviseForm
    event, effects = events.REVISED, (DraftsText(),)

    def check(self, doing: Doing) -> None:
        super().check(doing)
        _check_no_open_text(doing)

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        form = super().build_form(record, actor, data)
        if record is not None:
            form.initial["wording"] = wording_in_force(record)
        return form


class Drop(Act):
    slug, label, basis, tone = "drop", _("不再制定"), "立项后不再需要的，说明理由", "danger"
    from_states, to, roles = PROPOSED, (RegulationState.DROPPED,), LEADERS
    event, fields, check = events.DROPPED, (Reason("reason", _("理由")),), staticmethod(_check_no_open_text)
    effects = (Writes("reason"), Releases())


class Review(OwnAct):
    """Reviews a regulation in force (评估): keep, revise or repeal it, on at least one piece of evidence."""

    slug, label, basis = "review", _("评估"), "定期评估，该改的改，该废的废；不得不看证据一律“继续有效”"
    button = _("记录评估")
    from_states, roles, event = IN_FORCE, frozenset({RegulationRole.OWNER, RecordRole.LEADER}), events.REVIEWED
    fields = (
        Choice(
            "why",
            _("为什么评估"),
            [("periodic", _("定期")), ("special", _("专项")), ("triggered", _("出了问题"))],
            radio=True,
        ),
        Choice(
            "outcome",
            _("结论"),
            [("keep", _("继续有效")), ("revise", _("修订")), ("repeal", _("废止"))],
            radio=True,
        ),
        Text("reasons", _("理由"), rows=3),
        Text("evidence", _("证据"), rows=3, hint=_("至少一项：执行中的数字、案例、意见，别人可以核对")),
    )
    effects = (Writes("reasons"), Writes("evidence"), Closes(TO_REVIEW), Opens(TO_REVIEW))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"why": doing.data["why"], "outcome": doing.data["outcome"]}


class File(OwnAct):
    """Files what was promulgated with the organ that reviews it (报送备案)."""

    slug, label, basis = "file", _("报送备案"), "《立法法》第一百零九条：规章公布后三十日内报送备案"
    from_states, roles, event = IN_FORCE, DRAFTERS, events.FILED
    fields = (Text("receipt", _("报送哪个机关、回执"), rows=2),)
    effects = (Writes("receipt"), Closes(*TO_FILE.values()))


class ReceiveFilingOpinion(OwnAct):
    slug, label, basis = "receive_opinion", _("收到备案审查意见"), "《法规规章备案审查条例》第二十一条：三十日内答复"
    from_states, roles, event = IN_FORCE, DRAFTERS, events.OPINION_RECEIVED
    fields = (Text("opinion", _("审查意见"), rows=3),)
    effects = (Writes("opinion"), Opens(TO_ANSWER_FILING, "organ_chain_subject"))

    def check(self, doing: Doing) -> None:
        super().check(doing)
        if owes(doing.record, TO_ANSWER_FILING):
            raise WrongState(_("还有一份审查意见没有答复，请先答复"))


class AnswerFilingOpinion(OwnAct):
    slug, label, basis = "answer_opinion", _("答复备案审查意见"), "《法规规章备案审查条例》第二十一条：三十日内答复"
    from_states, roles, event = IN_FORCE, LEADERS, events.OPINION_ANSWERED
    fields = (Text("answer", _("怎样处理"), rows=3),)
    effects = (Writes("answer"), Closes(TO_ANSWER_FILING))


class Implemented(OwnAct):
    """Says by which text the regulation was implemented (配套规定)."""

    slug, label, basis = "implemented", _("配套规定已出台"), "写明“另行制定”的，按期出台配套规定"
    from_states, roles, event = IN_FORCE, DRAFTERS, events.IMPLEMENTED
    fields = (Text("by", _("配套规定"), rows=2, hint=_("名称、文号、施行日期")),)
    effects = (Writes("by"), Closes(TO_IMPLEMENT))


class Repeal(Act):
    """Repeals a regulation (废止): from a day on, by what."""

    slug, label, basis, tone = "repeal", _("废止"), "谁制定、谁废止；写明依据和日期", "danger"
    from_states, to, roles, form = IN_FORCE, (RegulationState.REPEALED,), LEADERS, RepealForm
    event, check = events.REPEALED, staticmethod(_check_no_open_text)
    effects = (
        NotPast("since"),
        Writes("by"),
        EndsText(),
        Releases(),
        Notifies(notices.REPEALED, lambda regulation: [*regulation.owners(), *regulation.legal_people()]),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"day": doing.data["since"].isoformat()}


class PublishRegulation(ProposePublication):
    """Publishes a regulation in force (主动公开)."""

    from_states, roles, discharges = IN_FORCE, DRAFTERS, (TO_PUBLISH,)
    fields = (
        Text("title", _("名称"), rows=2, max_length=200),
        Text("document_number", _("文号"), rows=1, max_length=60, required=False),
        Text("in_force_from", _("施行日期"), rows=1, max_length=40),
        Text("wording", _("条文"), rows=12, max_length=60_000),
    )
    suggested = {
        "title": lambda regulation: regulation.title,
        "document_number": lambda regulation: regulation.document_number,
        "in_force_from": lambda regulation: _last_since(regulation),
        "wording": wording_in_force,
    }


def _last_since(regulation: Regulation) -> str:
    return regulation.last_text.since.isoformat() if regulation.last_text else ""


class AttachToRegulation(Attach):
    from_states, roles = frozenset(RegulationState), READERS


REGULATION_ACTS = Acts(
    SetDuties, Revise, Drop, Review, File, ReceiveFilingOpinion, AnswerFilingOpinion, Implemented, PublishRegulation,
    Repeal, AttachToRegulation,
)  # fmt: skip
