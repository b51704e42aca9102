"""The columns that a record of every kind can have."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from massline.templatetags.front import light
from records.columns import Cell, Column, Reading, code


def _number(record: Any, reading: Reading) -> SafeString:
    return reading.link(record.KIND, record.number, record.number)


NUMBER = code("number", _("编号"), F("number"), cell=Cell(_number, css="nowrap"))
"""Its number, which leads to its page."""


def light_of(record: Any, reading: Reading) -> str:
    """Returns the light of the earliest open obligation, from the dates that the record's own row holds."""
    return reading.light(record.opened_at or record.received_at, record.strict_at)


def _light(record: Any, reading: Reading) -> SafeString | str:
    """Shows nothing where nothing is owed any more: what is over has no period."""
    colour = light_of(record, reading)
    return "" if colour == "none" else light(colour)


LIGHT = Column(
    "light",
    _("灯"),
    value=light_of,
    cell=Cell(_light, css="nowrap", labelled=False, key=light_of),
    field=s.CharField(),
)


def state_column(states: type[models.TextChoices]) -> Column:
    """Returns the column of its state, in words."""
    return code("state", _("状态"), F("state"), dict(states.choices), cell=Cell(lambda one, _: states(one.state).label))
