"""The letters to petitioners (告知书), in the words of the office."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from citizens.telling.letters import Letter, LetterBook
from petitions.models import Demand, Outcome

NEUTRAL = "transferred"
"""The letter about an accusation that was handed over; it says nothing of the accusation."""
NOTICE_RULES = ("XF02", "XF03")
"""The rules under which an organ owes the written notice (Art. 23)."""
REVIEW = "XF08"
"""The rule of the period in which the petitioner may ask for a review of the opinion (Art. 35)."""
OUTCOMES = {Outcome.SUPPORTED: "予以支持", Outcome.EXPLAINED: "解释说明", Outcome.NOT_SUPPORTED: "不予支持"}


def _words(demand: Demand) -> Mapping[str, str]:
    return {"outcome": OUTCOMES[Outcome(demand.outcome)] if demand.outcome else ""}


LETTERS = LetterBook(
    opening="信访人：\n    您好！您提出的信访事项（编号 {number}）",
    closing="\n    查询办理进度请使用编号和查询码。\n{organ}\n{day}",
    words=_words,
    letters=(
        Letter(
            "forwarded",
            _("转送告知"),
            "，已依照《信访工作条例》第二十二条转送{organ}，{organ}应当在收到之日起十五日内（最迟{due}）书面告知您。",
            by_office=True,
            dated="XF03",
        ),
        Letter(
            "accepted",
            _("受理告知书"),
            "，{organ}已经受理，依照《信访工作条例》第三十四条，应当自受理之日起六十日内（最迟{due}）办结。",
            dated="XF06",
            gives=NOTICE_RULES,
        ),
        Letter(
            "declined",
            _("不予受理告知书"),
            "，经审查不予受理。理由：{reason}\n    您可以向以下机关、单位提出：{where_to_go}",
            gives=NOTICE_RULES,
        ),
        Letter(
            "extended",
            _("延长办理期限告知书"),
            "，因情况复杂，经{organ}负责人批准，依照《信访工作条例》第三十四条，办理期限延长{days}日，至{due}。\n"
            "    延长理由：{reason}",
            dated="XF06",
        ),
        Letter(
            "answered",
            _("信访处理意见书"),
            "，经调查核实，处理意见如下（{outcome}）：\n{text}\n"
            "    如不服本意见，您可以自收到之日起三十日内，依照《信访工作条例》第三十五条，"
            "向{organ}的上一级机关、单位请求复查。",
            starts=REVIEW,
        ),
        Letter("returned", _("重新办理告知"), "，经核实需要重新办理，承办单位将继续办理并答复您。", by_office=True),
        Letter(
            "closed",
            _("办结告知"),
            "，经信访部门核实已经办结。您可以凭查询码对信访部门和承办单位分别作出评价。",
            by_office=True,
        ),
        Letter(
            "asked",
            _("情况询问"),
            "，{organ}需要向您了解以下情况：\n{question}\n    您可以凭查询码在网上补充说明，也可以直接联系我们。",
        ),
        Letter(NEUTRAL, _("办理情况告知"), "，已转交有权处理的机关依照规定处理，后续情况由该机关负责。"),
    ),
)


def neutral_letter(number: str, teller: str, at: datetime) -> str:
    """Writes the letter that a petition was handed over: a third person who reads it learns neither the matter nor its
    new organ."""
    return LETTERS.text(LETTERS[NEUTRAL], {"number": number}, teller, at, provisional=False)
