"""The acts on a text: from its draft over comments, the check of its legality and the decision to its promulgation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions import events, notices
from institutions.acts.base import DRAFTERS, DREW_UP, LEADERS, OFFICE, READERS, TO_ANSWER, TO_CHECK
from institutions.acts.effects import (
    ConfirmsKeys,
    KeepsCommentDays,
    MatchesArticle,
    SetsDocumentNumber,
    SetsWording,
)
from institutions.acts.system import EntersForce
from institutions.acts.text_forms import AmendForm, MatchForm, OpenCommentForm, PromulgateForm, SubmitForm
from institutions.models import OPEN_TEXT, RegulationText, TextState
from institutions.wording import article_number, write_articles
from massline.acts import Act, Acts, Doing, NotYet, WrongState
from massline.inputs import Choice, Reason, Text
from massline.time import local_day, long_form
from records.effects import Writes
from records.files.acts import Attach
from records.publishing.proposing import ProposePublication
from records.versions import PutsInForce
from responsibility.effects import Closes, Notifies, OnlyIf, Opens, Order, Releases

DRAFT = frozenset({TextState.DRAFT})
TIME_TO_ANSWER = timedelta(days=30)
"""After the public was asked, within which what it said is answered (calendar days; house)."""


class TextAct(Act):
    """An act on a text; its event names its edition."""

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"edition": doing.record.edition}


class Amend(TextAct):
    slug, label, basis, button = "amend", _("修改文本"), "起草单位起草、修改", _("保存文本")
    from_states, roles, form = DRAFT, DRAFTERS, AmendForm
    event, effects = events.TEXT_AMENDED, (SetsWording(),)

    def build_form(self, record: Any, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        form = super().build_form(record, actor, data)
        if record is not None:
            form.initial["wording"] = write_articles(record.articles or ())
        return form


class Match(TextAct):
    """Says which article of the text in force one of the draft is the new wording of."""

    slug, label, basis = "match", _("改正条文对应"), "程序推荐，由人确认：对照表和意见都按条文的对应"
    from_states, roles, form = DRAFT, DRAFTERS, MatchForm
    event, effects = events.ARTICLE_MATCHED, (MatchesArticle(),)


class OpenComment(TextAct):
    """Asks the public (公开征求意见): from the day on which the draft is published, which another post clears."""

    slug, label, basis = "open_comment", _("公开征求意见"), "《重大行政决策程序暂行条例》第十五条：一般不少于三十日"
    from_states, to, roles = DRAFT, (TextState.COMMENTING,), DRAFTERS
    form, event = OpenCommentForm, events.COMMENT_OPENED
    description = _("征求意见稿经保密审查公开之日起计算。请随后申请公开。")
    effects = (
        ConfirmsKeys(),
        Writes("reason"),
        KeepsCommentDays(),
        Opens(
            TO_ANSWER,
            ordered=lambda doing: [
                Order(local_day(doing.at) + timedelta(days=doing.data["days"]) + TIME_TO_ANSWER),
            ],
        ),
    )

    def facts(self, doing: Doing) -> dict[str, Any]:
        return super().facts(doing) | {"days": doing.data["days"]}


class AnswerComments(TextAct):
    """Says what became of the comments, once their period is over, and hands the text on to be checked."""

    slug, label, basis = "answer_comments", _("反馈意见采纳情况"), "征求意见期满，逐条说明采纳情况和理由"
    from_states, to, roles = frozenset({TextState.COMMENTING}), (TextState.CHECKING,), DRAFTERS
    event = events.COMMENTS_ANSWERED
    fields = (Text("summary", _("采纳情况"), rows=6, hint=_("收到哪些意见，采纳了什么，没有采纳的为什么")),)
    effects = (
        Writes("summary"),
        Closes(TO_ANSWER),
        Opens(TO_CHECK, "office_chain_subject"),
        Notifies(notices.TO_CHECK, lambda text: text.legal_people()),
    )

    def check(self, doing: Doing) -> None:
        text: Any = RegulationText.objects.with_comments().get(pk=doing.record.pk)
        if text.last_comment_day is None:
            raise WrongState(_("征求意见稿还没有公开，请先申请公开"))
        if local_day(doing.at) <= text.last_comment_day:
            raise NotYet(_("公开征求意见到%(day)s为止，期满后再反馈") % {"day": long_form(text.last_comment_day)})
        if text.waiting:
            raise WrongState(_("还有 %(count)s 条意见没有答复") % {"count": text.waiting})


class Submit(TextAct):
    """Hands a draft on to be checked without asking the public; the reason stays on record for who checks it."""

    slug, label, basis = "submit", _("不公开征求意见，直接送审"), "依法需要保密、情况紧急或者只涉及内部管理的，说明理由"
    button = _("送合法性审核")
    from_states, to, roles = DRAFT, (TextState.CHECKING,), DRAFTERS
    form, event = SubmitForm, events.SUBMITTED
    effects = (
        ConfirmsKeys(),
        Writes("reason"),
        Opens(TO_CHECK, "office_chain_subject"),
        Notifies(notices.TO_CHECK, lambda text: text.legal_people()),
    )


def _passed(doing: Doing) -> bool:
    return bool(doing.data["finding"] == "passed")


class Check(TextAct):
    """Checks the legality (合法性审核): the legal office, and never who drafted it."""

    slug, label, basis = "check", _("合法性审核"), "未经合法性审核或者审核不合格的，不提交集体讨论"
    from_states, to = frozenset({TextState.CHECKING}), (TextState.CHECKED, TextState.DRAFT)
    roles, other_hands_than, same_hands = OFFICE, DREW_UP, _("起草过这个文本的人不能审核，请由其他人审核")
    event = events.CHECKED
    fields = (
        Choice("finding", _("审核结论"), [("passed", _("合法")), ("back", _("退回修改"))], radio=True),
        Text("opinion", _("审核意见"), hint=_("权限、程序、内容是否合法；有无擅自设定权力、减损权利")),
    )
    effects = (
        Writes("opinion"),
        Closes(TO_CHECK),
        Notifies(notices.CHECK_DONE, lambda text: text.organ_people()),
    )

    def target(self, doing: Doing) -> str:
        return TextState.CHECKED if _passed(doing) else TextState.DRAFT

    def event_of(self, doing: Doing) -> Any:
        return events.CHECKED if _passed(doing) else events.SENT_BACK


class Decide(TextAct):
    """Decides on a text (集体讨论决定): the organ's top puts the collective's decision on record, dissent included."""

    slug, label, basis = "decide", _("集体讨论决定"), "由单位集体讨论决定；不同意见如实记录"
    from_states, to = frozenset({TextState.CHECKED}), (TextState.ADOPTED, TextState.REJECTED)
    roles, event = LEADERS, events.ADOPTED
    fields = (
        Choice("decision", _("决定"), [("adopted", _("通过")), ("rejected", _("不通过"))], radio=True),
        Text("meeting", _("哪次会议"), rows=2, hint=_("会议名称和日期、到会情况")),
        Text("dissent", _("不同意见"), rows=3, required=False, hint=_("有不同意见的如实记录；没有的不填")),
    )
    effects = (Writes("meeting"), Writes("dissent"), OnlyIf(lambda doing: not _adopted(doing), Releases()))

    def target(self, doing: Doing) -> str:
        return TextState.ADOPTED if _adopted(doing) else TextState.REJECTED

    def event_of(self, doing: Doing) -> Any:
        return events.ADOPTED if _adopted(doing) else events.REJECTED


def _adopted(doing: Doing) -> bool:
    return bool(doing.data["decision"] == "adopted")


class Promulgate(TextAct):
    """Promulgates a text (公布): under its number, from a day on; what was in force until then ends the day before."""

    slug, label, basis = "promulgate", _("公布"), "通过后编号、公布，写明施行日期"
    from_states, to, roles = frozenset({TextState.ADOPTED}), (TextState.PROMULGATED,), LEADERS
    form, event = PromulgateForm, events.PROMULGATED
    effects = (
        Closes(),
        SetsDocumentNumber(),
        PutsInForce(),
        EntersForce(),
        Notifies(notices.PROMULGATED, lambda text: text.owners()),
    )

    def check(self, doing: Doing) -> None:
        clause = doing.record.regulation.accountability
        if clause not in {article_number(one.heading) for one in doing.record.articles or ()}:
            raise WrongState(_("文本里没有问责条款（%(article)s），请先修改责任或者文本") % {"article": clause})

    def facts(self, doing: Doing) -> dict[str, Any]:
        return super().facts(doing) | {"day": doing.data["since"].isoformat()}


class Withdraw(TextAct):
    """Gives up a text that is still open (撤回)."""

    slug, label, basis, tone = "withdraw", _("撤回文本"), "公布以前，起草单位可以撤回", "danger"
    from_states, to, roles = OPEN_TEXT, (TextState.REJECTED,), LEADERS
    event, fields = events.TEXT_WITHDRAWN, (Reason("reason", _("理由")),)
    effects = (Writes("reason"), Releases())


class PublishDraft(ProposePublication):
    """Publishes the draft that the public is asked about."""

    from_states, roles = frozenset({TextState.COMMENTING}), DRAFTERS
    fields = (
        Text("title", _("征求意见稿"), rows=2, max_length=200),
        Text("wording", _("条文"), rows=12, max_length=60_000),
        Text("background", _("起草说明"), required=False),
    )
    suggested = {
        "title": lambda text: text.regulation.title,
        "wording": lambda text: write_articles(text.articles or ()),
    }


class AttachToText(Attach):
    from_states, roles = frozenset(TextState), READERS


TEXT_ACTS = Acts(
    Amend, Match, OpenComment, PublishDraft, AnswerComments, Submit, Check, Decide, Promulgate,
    Withdraw, AttachToText,
)  # fmt: skip
