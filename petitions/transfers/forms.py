"""The forms for handing an accusation over: the receiver and the number of pages; its content is never typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from massline.days import DayField
from massline.inputs import ActForm, ConfirmField
from massline.texts import LineField
from massline.time import local_day, today
from petitions.models import ENTERED_CHANNELS, Demand
from petitions.transfers.models import MAX_PAGES
from responsibility.duties import DISCIPLINE, REGIONS_UP
from responsibility.models import Organ
from responsibility.pickers import OrganField

COMPETENT = f"""
{REGIONS_UP}, out (id) AS (
    SELECT unnest(%(organs)s::bigint[])
    UNION
    SELECT p.organ_id FROM responsibility_appointment a JOIN responsibility_post p ON p.id = a.post_id
    WHERE a.user_id = ANY (%(people)s) AND a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
    UNION
    SELECT o.id FROM responsibility_organ o JOIN out ON o.parent_id = out.id
)
SELECT o.*, d.id IS NOT NULL AS is_discipline
FROM responsibility_organ o LEFT JOIN responsibility_organduty d ON d.organ_id = o.id AND d.duty = %(duty)s
     AND d.since <= %(day)s AND (d.until IS NULL OR d.until > %(day)s)
LEFT JOIN up ON up.id = d.region_id
WHERE o.valid_until IS NULL AND o.id <> ALL (%(senders)s) AND o.id NOT IN (SELECT id FROM out)
      AND (d.id IS NULL OR up.id IS NOT NULL)
ORDER BY d.id IS NULL, up.depth, o.id
"""  # noqa: S608 -- both are ours


def competent_organs(region: int, senders: Iterable[int], demand: Demand | None = None) -> list[Organ]:
    """Returns the organs to which an accusation may be handed over: the discipline organs from the region up (by
    management authority), then the others. Organs that are complained about are left out, those in which a person
    complained about holds a post too, and all organs below these."""
    if demand is not None:
        prefetch_related_objects([demand], "petition__filing__complained")  # the page of the petition reads them again
    named = demand.petition.filing.complained.all() if demand else ()
    params = {
        "region": region,
        "senders": list(senders),
        "organs": [one.organ_id for one in named if one.organ_id],
        "people": [one.user_id for one in named if one.user_id],
        "day": today(),
        "duty": DISCIPLINE,
    }
    return list(Organ.objects.raw(COMPETENT, params))


class ToWhomForm(ActForm):
    """The receiving organ and the number of pages."""

    organ = OrganField(
        label=_("移送到"), help_text=_("按干部管理权限移送；被反映的单位、被反映人任职的单位和它们的下级不在其中")
    )
    pages = forms.IntegerField(
        label=_("材料页数"),
        min_value=1,
        max_value=MAX_PAGES,
        help_text=_("原件和附件一共多少页；不留复印件"),
    )

    def offer(self, organs: list[Organ]) -> None:
        self.fields["organ"].propose(organs, _heading)  # type: ignore[attr-defined]


def _heading(organ: Organ) -> Any:
    return _("纪检监察机关") if organ.is_discipline else _("其他机关")  # type: ignore[attr-defined]


class TransferForm(ToWhomForm):
    """The form for a petition that was found to be an accusation."""

    sure = ConfirmField(
        label=_("已核对，这是检举控告。移送后不能撤回，台账里不再有这件；回执登记以后，移送的人也看不到内容"),
        ground=_("依据《信访工作条例》第二十二条、第三十条。一般的求决、建议和投诉不移送，照常登记、转办。"),
    )

    def prepare(self) -> None:
        demand = self.record
        self.offer(competent_organs(demand.petition.region_id, {demand.organ_id, demand.office_id}, demand))


class PaperForm(ToWhomForm):
    """The form for a letter, visit or call that is an accusation; it enters the register only."""

    channel = forms.ChoiceField(label=_("来源"), choices=ENTERED_CHANNELS, widget=forms.RadioSelect)
    field_order = ("channel",)

    def prepare(self) -> None:
        """Offers the organs for a paper; the form's record is the organ that received it."""
        self.offer(competent_organs(self.record.region_id, {self.record.pk}))


class ReceiptForm(ActForm):
    """The receiver's number and day on the receipt."""

    receipt_number = LineField(label=_("回执编号"), max_length=40)
    receipt_on = DayField(label=_("回执日期"))

    def clean_receipt_on(self) -> Any:
        day, sent = self.cleaned_data["receipt_on"], self.record.sent_at
        if day > today():
            raise ValidationError(_("回执日期不能在今天以后"))
        if sent is not None and day < local_day(sent):
            raise ValidationError(_("回执日期不能早于移送日期"))
        return day
