"""The forms of acts on petitions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massline.inputs import ActForm
from massline.texts import text_field
from massline.time import today
from petitions.duties import PETITION_OFFICE
from petitions.models import Demand, Purpose
from records.files import forms as files
from responsibility.class_fields import CategoryField
from responsibility.duties import DISCIPLINE, organs_with
from responsibility.models import Appointment, Organ, Post, Region
from responsibility.pickers import OrganField, PersonField


class RegionField(forms.ModelChoiceField):
    """A choice of the regions that a petition office serves, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("问题发生在哪个地方"))
        super().__init__(
            Region.objects.served(PETITION_OFFICE).order_by("code"),
            to_field_name="code",
            empty_label=_("请选择"),
            **kwargs,
        )


class RegisterForm(ActForm):
    category = CategoryField()
    region = RegionField(label=_("问题属地"))
    purpose = forms.ChoiceField(
        label=_("信访目的"), choices=Purpose.choices, help_text=_("发现是检举控告的，不要登记，请办理“移送检举控告”")
    )

    def prepare(self) -> None:
        self.initial = {
            "category": self.record.category,
            "region": self.record.petition.region.code,
            "purpose": self.record.purpose,
        }


class ForwardForm(ActForm):
    organ = OrganField(label=_("转送到"))
    note = text_field(_("转办意见"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["organ"].offer(  # type: ignore[attr-defined]
            Organ.objects.filter(valid_until=None, pk__in=Post.objects.values("organ"))
            .exclude(pk__in=organs_with(PETITION_OFFICE, DISCIPLINE).values("pk"))
            .order_by("id")
        )


class DecideObjectionForm(ActForm):
    agree = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("true", _("异议成立，收回重新转办")), ("false", _("异议不成立，仍由该单位办理"))],
        coerce=lambda value: value == "true",
        widget=forms.RadioSelect,
    )
    reason = text_field(_("决定理由"), rows=3)

    def __init__(self, data: Any, record: Demand) -> None:
        if data is not None and isinstance(data.get("agree"), bool):
            data = {**data, "agree": str(data["agree"]).lower()}
        super().__init__(data, record)


class AssignForm(ActForm):
    handler = PersonField(label=_("经办人"))

    def prepare(self) -> None:
        answering = Appointment.objects.answering(today()).filter(post__organ=self.record.organ_id)
        known = answering.exclude(user__in=self.record.chain_subject().recused).select_related("user", "post")
        self.fields["handler"].offer(known.order_by("post__is_top", "post_id", "kind"))  # type: ignore[attr-defined]


SCORES = ((5, _("非常满意")), (4, _("满意")), (3, _("基本满意")), (2, _("不满意")), (1, _("非常不满意")))


class FileForm(files.FileForm):
    public = forms.BooleanField(label=_("让信访人也能看到"), required=False)
