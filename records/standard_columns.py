"""The columns that a record of every kind can have."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from records.columns import Cell, Column, Reading, code


def _number(record: Any, reading: Reading) -> SafeString:
    return reading.link(record.KIND, record.number, record.number)


NUMBER = code("number", _("编号"), F("number"), cell=Cell(_number, css="nowrap"))
"""Its number, which leads to its page."""


def state_column(states: type[models.TextChoices]) -> Column:
    """Returns the column of its state, in words."""
    return code("state", _("状态"), F("state"), dict(states.choices), cell=Cell(lambda one, _: states(one.state).label))
