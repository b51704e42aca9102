"""The forms of acts on decisions: a step that was taken, and what the meeting decided."""

import re
from datetime import timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inspection.decisions.models import COMMENT_DAYS, Choice, Step
from massline.days import DayField, MeetingDayField
from massline.inputs import ActForm
from massline.texts import text_field
from massline.time import today

WORDS = {"同意": Choice.FOR, "不同意": Choice.AGAINST, "反对": Choice.AGAINST, "保留": Choice.RESERVED}
LINE = re.compile(
    r"\s*(?P<name>\S{1,50})\s+(?P<choice>同意|不同意|反对|保留意见|保留)\s*(?:[：:，,]\s*(?P<opinion>.*\S))?\s*"
)
MOST_VOTES = 60
RESULTS = (("adopted", _("通过")), ("rejected", _("未通过")), ("deferred", _("暂不决定，补充后再议")))


class Ballot(NamedTuple):
    """How one member voted, as it was typed."""

    name: str
    choice: Choice
    opinion: str


class StepForm(ActForm):
    """A step: taken from a day to a day and what came of it, or the ground on which it is not needed."""

    step = forms.ChoiceField(label=_("程序"), choices=Step.choices)
    taken = forms.ChoiceField(
        label=_("是否履行"), choices=[("yes", _("已履行")), ("no", _("依法不需要"))], widget=forms.RadioSelect
    )
    since = DayField(label=_("开始日期"), required=False)
    until = DayField(label=_("结束日期"), required=False)
    shortened = forms.BooleanField(label=_("情况紧急，征求意见少于三十日"), required=False)
    text = text_field(_("结果或者理由"), rows=4, hint=_("已履行的写结果；不需要的写依据；缩短期限的写为什么"))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("taken") == "no":
            return data | {"since": None, "until": None, "shortened": False}
        since, until = data.get("since"), data.get("until")
        for name in ("since", "until"):
            if name in data and data[name] is None:
                self.add_error(name, _("已履行的程序请填写日期"))
        if until and until > today():
            self.add_error("until", _("还没有结束的程序不能记录为已履行"))
        if since and until:
            self._check_days(data, (until - since).days)
        return data

    def _check_days(self, data: dict[str, Any], days: int) -> None:
        asked_public = data.get("step") == Step.PARTICIPATION and not data.get("shortened")
        if days < 0:
            self.add_error("until", _("结束日期不能早于开始日期"))
        elif asked_public and days < timedelta(COMMENT_DAYS).days:
            words = {"days": days, "least": COMMENT_DAYS}
            message = _("公开征求意见一般不少于 %(least)s 日，这里是 %(days)s 日；因情况紧急缩短的，请勾选并写明理由")
            self.add_error("until", ValidationError(message, params=words))


class DecideForm(ActForm):
    """What the meeting decided, and how each member voted."""

    met_on = MeetingDayField()
    members = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=MOST_VOTES)
    votes = text_field(
        _("表决情况"),
        rows=8,
        hint=_("每行一人：姓名 同意／不同意／保留。不同意和保留的写上意见，如“李明 不同意：资金没有着落”"),
    )
    result = forms.ChoiceField(label=_("讨论结果"), choices=RESULTS, widget=forms.RadioSelect)
    against_most = text_field(
        _("与多数人意见不一致的理由"),
        required=False,
        rows=3,
        hint=_("行政首长拟作出的决定与多数人意见不一致的，必须说明"),
    )

    def clean_votes(self) -> list[Ballot]:
        """Returns the votes; raises a message for each line that is none."""
        votes, wrong = [], []
        for at, line in enumerate(self.cleaned_data["votes"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                votes.append(_vote(line))
            except ValidationError as error:
                wrong += [_("第 %(line)s 行：%(wrong)s") % {"line": at, "wrong": one} for one in error.messages]
        named = [one.name for one in votes]
        wrong += [_("%(name)s写了两次") % {"name": name} for name in sorted({n for n in named if named.count(n) > 1})]
        if wrong:
            raise ValidationError(wrong)
        return votes

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        votes, members = data.get("votes"), data.get("members")
        if votes is None or members is None or "result" not in data:
            return data
        if len(votes) > members:
            self.add_error("members", _("表决的人比应到的多"))
        elif len(votes) * 2 <= members:
            self.add_error("votes", _("到会不足半数，不能讨论决定"))
        for_it = sum(one.choice == Choice.FOR for one in votes)
        most = "adopted" if for_it * 2 > len(votes) else "rejected"
        if data["result"] not in (most, "deferred") and not data.get("against_most"):
            self.add_error("against_most", _("结果与多数人意见不一致，请说明理由"))
        return data


def _vote(line: str) -> Ballot:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValidationError(_("请写“姓名 同意”“姓名 不同意：意见”或者“姓名 保留：意见”"))
    choice = WORDS.get(found["choice"], Choice.RESERVED)
    if choice != Choice.FOR and not found["opinion"]:
        raise ValidationError(_("请写上%(name)s的意见"), params={"name": found["name"]})
    return Ballot(found["name"], choice, (found["opinion"] or "")[:500])
