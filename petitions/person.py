"""Finding the petitions of exactly one person: by the keyed hash of a name, a phone or an identity number.

For the people who receive and head in a petition department, with a ground from a closed list; each search is an
event that keeps what kind of thing was looked for and how many were found, and nothing of what was typed.
"""

from typing import Any

from django import forms
from django.db import models, transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import log
from massline.crypto import keyed_hash
from massline.texts import LineField
from petitions import events
from petitions.duties import PETITION_OFFICE
from petitions.forms import PhoneField, valid_id_number
from petitions.models import Demand, Petitioner, Representative
from responsibility.people import position_of

MAX_RESULTS = 200


class Field(models.TextChoices):
    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    ID_NUMBER = "id_number", _("身份证号码")


class Ground(models.TextChoices):
    REPEATED = "repeated", _("核对是否重复来件")
    ASKED = "asked", _("信访人来访、来电查询")
    ABOUT_ONE = "about_one", _("核对同一人反映的其他事项")
    ERASURE = "erasure", _("办理更正、删除个人信息的请求")


class PersonForm(forms.Form):
    """Posted, so that nothing personal stands in an address."""

    field = forms.ChoiceField(
        label=_("按什么查找"), choices=Field.choices, initial=Field.NAME, widget=forms.RadioSelect
    )
    value = LineField(
        label=_("要查找的内容"),
        max_length=64,
        help_text=_("必须与登记的完全一致"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    ground = forms.ChoiceField(label=_("查找理由"), choices=[("", _("请选择")), *Ground.choices])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        field, value = data.get("field"), data.get("value", "")
        try:
            if value and field == Field.PHONE:
                data["value"] = PhoneField().clean(value)
            elif value and field == Field.ID_NUMBER:
                data["value"] = value.replace(" ", "").upper()
                if not valid_id_number(data["value"]):
                    raise forms.ValidationError(_("身份证号码不对，请核对每一位数字"))
        except forms.ValidationError as error:
            self.add_error("value", error)
        return data


def may_search(user: User) -> bool:
    return any(
        PETITION_OFFICE in held.duties and (held.is_intake or held.is_top)
        for held in (position_of(user).held if user.is_active else ())
    )


def of_person(user: User, field: str, value: str, ground: str) -> list[Demand]:
    """The newest petitions of whoever gave exactly this, as far as they exist for the reader; and the event."""
    theirs = {f"{field}_hash": keyed_hash(field, value)}
    petitions = Petitioner.objects.filter(**theirs).values("petition")
    if field in Representative.HASHED:
        petitions = petitions.union(Representative.objects.filter(**theirs).values("petition"))
    with transaction.atomic():
        found = list(
            Demand.objects.for_user(user)
            .filter(petition__in=petitions)
            .select_related("petition", "organ", "handler")
            .order_by("-received_at", "-id")[:MAX_RESULTS]
        )
        log.record(events.PERSON_SEARCHED, facts={"field": field, "ground": ground, "found": len(found)})
    return found


def way_to_search(user: User) -> SafeString | str:
    """For the search of the ledger, which finds no person: where those who may look for one."""
    if not may_search(user):
        return ""
    link = format_html('<a href="{}">{}</a>', reverse("person_search"), gettext("按身份查找"))
    return format_html(gettext("这里不查姓名、电话和身份证号码，要找人请用“{}”。"), link)
