"""Searches the records of exactly one person: by the keyed hash of a name, a phone or an identity number.

For the officials whom a kind names, in that kind alone, with a ground from a closed list; each search is an
event that keeps what kind of thing was looked for and how many were found, and nothing of what was typed.
"""

from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import log
from citizens import events
from citizens.filing.contact_fields import IdNumberField, PhoneField
from citizens.identity.sealing import fact_hash
from citizens.models import Filing, Representative
from citizens.public_sides import public_side
from massline.texts import LineField
from records.kinds import record_type

MAX_RESULTS = 200


class Field(models.TextChoices):
    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    ID_NUMBER = "id_number", _("身份证号码")


class Ground(models.TextChoices):
    REPEATED = "repeated", _("核对是否重复来件")
    ASKED = "asked", _("当事人来访、来电查询")
    ABOUT_ONE = "about_one", _("核对同一人反映的其他事项")
    ERASURE = "erasure", _("办理更正、删除个人信息的请求")


class PersonSearchForm(forms.Form):
    """The search form; it is posted, so that an address never holds personal data."""

    field = forms.ChoiceField(
        label=_("按什么查找"), choices=Field.choices, initial=Field.NAME, widget=forms.RadioSelect
    )
    value = LineField(
        label=_("要查找的内容"),
        max_length=64,
        help_text=_("必须与登记的一致；繁体简体不分，空格和间隔号不计"),
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
                data["value"] = IdNumberField().clean(value)
        except forms.ValidationError as error:
            self.add_error("value", error)
        return data


def of_person(kind: str, user: User, field: str, value: str, ground: str) -> list[Any]:
    """Returns the newest visible records of one kind that exactly this person filed, and logs the search."""
    theirs = {f"{field}_hash": fact_hash(field, value)}
    filings = Filing.objects.filter(kind=kind, **theirs).values("pk")
    if field in Representative.HASHED:
        filings = filings.union(Representative.objects.filter(filing__kind=kind, **theirs).values("filing"))
    declared, side = record_type(kind), public_side(kind)
    visible = declared.model._default_manager.for_user(user)  # type: ignore[attr-defined]
    with transaction.atomic():
        found = list(
            visible.filter(**{f"{side.filing}__in": filings})
            .select_related(*declared.listing.joined)
            .order_by("-received_at", "-id")[:MAX_RESULTS]
        )
        log.record(events.PERSON_SEARCHED, facts={"field": field, "ground": ground, "found": len(found)})
    return found
