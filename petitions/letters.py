"""What the petitioner is told (告知), in the words of the office. Letters are Chinese whatever language a page has."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from massline.acts import Doing
from massline.time import local_time
from petitions.models import Demand, Outcome, Telling
from records.documents.document import paragraphs
from responsibility import obligations
from responsibility.models import Obligation, Organ
from responsibility.people import receiving_post

OPENING = "信访人：\n    您好！您提出的信访事项（编号 {number}）"
CLOSING = "\n    查询办理进度请使用编号和查询码。\n{organ}\n{day}"

PROVISIONAL = "\n    该年度放假安排尚未公布，以上日期为暂定。"

LETTERS = {
    "forwarded": _("转送告知"),
    "accepted": _("受理告知书"),
    "declined": _("不予受理告知书"),
    "extended": _("延长办理期限告知书"),
    "answered": _("信访处理意见书"),
    "returned": _("重新办理告知"),
    "closed": _("办结告知"),
    "asked": _("情况询问"),
    "transferred": _("办理情况告知"),
}

BODIES = {
    "forwarded": "，已依照《信访工作条例》第二十二条转送{organ}，"
    "{organ}应当在收到之日起十五日内（最迟{due}）书面告知您。",
    "accepted": "，{organ}已经受理，依照《信访工作条例》第三十四条，应当自受理之日起六十日内（最迟{due}）办结。",
    "declined": "，经审查不予受理。理由：{reason}\n    您可以向以下机关、单位提出：{where_to_go}",
    "extended": "，因情况复杂，经{organ}负责人批准，依照《信访工作条例》第三十四条，办理期限延长{days}日，至{due}。\n"
    "    延长理由：{reason}",
    "answered": (
        "，经调查核实，处理意见如下（{outcome}）：\n{text}\n"
        "    如不服本意见，您可以自收到之日起三十日内，依照《信访工作条例》第三十五条，"
        "向{organ}的上一级机关、单位请求复查。"
    ),
    "returned": "，经核实需要重新办理，承办单位将继续办理并答复您。",
    "closed": "，经信访部门核实已经办结。您可以凭查询码对信访部门和承办单位分别作出评价。",
    "asked": "，{organ}需要向您了解以下情况：\n{question}\n    您可以凭查询码在网上补充说明，也可以直接联系我们。",
}

NEUTRAL = "，已转交有权处理的机关依照规定处理，后续情况由该机关负责。"


DATED = {"forwarded": "XF03", "accepted": "XF06", "extended": "XF06"}
"""Whose date the letter gives."""
NOTICES = frozenset({"accepted", "declined"})
"""The letters by which an organ gives the written notice of Art. 23, and the periods within which it does."""
NOTICE_RULES = ("XF02", "XF03")
OTHER = "ML06"
"""The period of every other letter."""


@dataclass(frozen=True)
class Issues:
    """Puts a letter into the queue of the organ that has to tell the petitioner, whose receiving post owes that."""

    letter: str
    by_office: bool = False

    def apply(self, doing: Doing) -> None:
        demand = doing.record
        teller = demand.office if self.by_office else demand.organ
        Telling.objects.create(
            demand=demand,
            office=teller,
            letter=self.letter,
            text=self._text(doing, teller.name),
            owed=self._notice_of(demand, teller) or self._owed_for_itself(doing, teller),
            made_at=doing.at,
        )

    def _notice_of(self, demand: Demand, teller: Organ) -> Obligation | None:
        """The notice that the organ owes by law, when this is the letter that gives it."""
        if self.letter not in NOTICES:
            return None
        given = Telling.objects.filter(owed=OuterRef("pk"))
        owed = Obligation.objects.open().about("petition", demand.pk).filter(rule__in=NOTICE_RULES, organ=teller)
        return owed.exclude(Exists(given)).order_by("pk").first()

    def _owed_for_itself(self, doing: Doing, teller: Organ) -> Obligation:
        demand = doing.record
        work = replace(demand.chain_subject(), organ=teller.pk, post=receiving_post(teller.pk))
        number = Telling.objects.filter(demand=demand).count() + 1
        return obligations.open_(demand.matter, OTHER, work, doing.at, item=number)

    def _text(self, doing: Doing, teller: str) -> str:
        demand = doing.record
        said = {name: value for name, value in doing.data.items() if isinstance(value, str | int)}
        owed = Obligation.objects.open().about("petition", demand.pk)
        due = owed.filter(rule=DATED.get(self.letter, "")).first()
        words = said | {
            "number": demand.petition.number,
            "organ": demand.organ.name,
            "due": _written(due.due_legal) if due and due.due_legal else "",
            "outcome": OUTCOMES[demand.outcome] if demand.outcome else "",
        }
        body = BODIES[self.letter]
        if due and due.provisional and "{due}" in body:
            body += PROVISIONAL
        closing = CLOSING.format(organ=teller, day=_written(local_time(doing.at)))
        return (OPENING + body).format_map(words) + closing


def neutral_letter(number: str, teller: str, at: datetime) -> str:
    """That a petition was handed over. Whoever else reads it learns nothing of what it was, nor who has it now."""
    closing = CLOSING.format(organ=teller, day=_written(local_time(at)))
    return (OPENING + NEUTRAL).format(number=number) + closing


@dataclass(frozen=True)
class LetterParts:
    """A letter as paper has it: whom it is to, what it says, who signs and on which day."""

    addressee: str
    paragraphs: tuple[str, ...]
    organ: str
    day: str


def in_parts(text: str) -> LetterParts:
    """The parts of a letter's text, which begins and ends with a line as OPENING and CLOSING do."""
    addressee, _line, rest = text.partition("\n")
    body, organ, day = rest.rsplit("\n", 2)
    return LetterParts(addressee, paragraphs(body), organ, day)


def _written(day: date) -> str:
    """A day as a letter has it (GB/T 9704): without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


OUTCOMES = {Outcome.SUPPORTED: "予以支持", Outcome.EXPLAINED: "解释说明", Outcome.NOT_SUPPORTED: "不予支持"}
