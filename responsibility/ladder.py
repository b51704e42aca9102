"""The escalation ladder: its steps, and the working days between them from `data/ladder.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from massline.time import end_of_day, local_day
from responsibility.calendar import calendar
from responsibility.deadlines import add_working_days

WARN_SHARE = "warn_30"
WARN_DAYS = "warn_3wd"
OVERDUE = "overdue"
TOP = "top"
WARNINGS = (WARN_SHARE, WARN_DAYS)

LABELS = {
    WARN_SHARE: _("期限剩余不足三成，提醒"),
    WARN_DAYS: _("剩余三个工作日，预警"),
    OVERDUE: _("已超期，告知经办人和分管领导"),
    TOP: _("上报本单位主要负责人"),
}


@dataclass(frozen=True)
class Ladder:
    """Working days between the steps."""

    overdue: int
    top: int
    superior: int
    instruction: int


@lru_cache
def ladder() -> Ladder:
    data = tomllib.loads((Path(__file__).parent / "data" / "ladder.toml").read_text())
    return Ladder(**data["climb"], instruction=data["rest"]["instruction"])


def superior(depth: int) -> str:
    """Returns the step that notifies the top leaders `depth` organs above (1 for the direct superior)."""
    return f"superior-{depth}" if depth else TOP


def depth_of(step: str) -> int | None:
    """Returns how far up the tree a step goes; None for warnings and for the overdue step."""
    if step == TOP:
        return 0
    return int(step.removeprefix("superior-")) if step.startswith("superior-") else None


def label(step: str) -> Any:
    """Returns the step in words."""
    depth = depth_of(step)
    if not depth:
        return LABELS[step]
    text = ngettext("上报上级主要负责人（上 %(n)s 级）", "上报上级主要负责人（上 %(n)s 级）", depth)
    return text % {"n": depth}


def moment_after(told_at: datetime, working_days: int) -> datetime:
    """Returns the moment when so many whole working days have passed since a person was notified."""
    return end_of_day(add_working_days(local_day(told_at), working_days, calendar()))
