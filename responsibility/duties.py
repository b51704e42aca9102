"""Duties of organs (职责): what one organ does for a region, and for the regions within it that have no other for it.

A mechanism registers the duties that it needs an organ for; which organ has one from when to when is an OrganDuty.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from massline.time import today
from responsibility.models import Organ, OrganDuty, Region

# A region and those around it, from the nearest on.
REGIONS_UP = """
WITH RECURSIVE up (depth, id, parent_id) AS (
    SELECT 0, r.id, r.parent_id FROM responsibility_region r WHERE r.id = %(region)s
    UNION ALL
    SELECT up.depth + 1, r.id, r.parent_id FROM up JOIN responsibility_region r ON r.id = up.parent_id
)
"""
# The organ that has a duty for a region, its own or that of the nearest region around it; and the post that receives in
# it what people turn to it with.
SERVED = """
FROM up JOIN responsibility_organduty d ON d.region_id = up.id JOIN responsibility_organ o ON o.id = d.organ_id
WHERE daterange(d.since, d.until) * daterange(o.valid_from, o.valid_until) @> %(day)s::date
"""
SERVING = f"""
{REGIONS_UP}
SELECT o.*, (SELECT p.id FROM responsibility_post p WHERE p.organ_id = o.id
             ORDER BY p.is_intake DESC, p.is_top DESC, p.id LIMIT 1) AS post
{SERVED} AND d.duty = %(duty)s
ORDER BY up.depth LIMIT 1
"""  # noqa: S608 -- all are ours
# The same for every duty at once.
ALL_SERVING = f"""
{REGIONS_UP}
SELECT DISTINCT ON (d.duty) o.*, d.duty
{SERVED}
ORDER BY d.duty, up.depth
"""


@dataclass(frozen=True)
class Duty:
    """A duty that organs have, by the name that its rows carry."""

    name: str
    label: Any
    """What an organ that has it is called (信访部门)."""
    without: Any = ""
    """What does not work as long as no organ has it; nothing for a duty that may wait."""


_duties: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    _duties[duty.name] = duty


def choices() -> list[tuple[str, Any]]:
    """Returns every registered duty by name, with its label."""
    return [(duty.name, duty.label) for duty in _duties.values()]


def missing() -> list[Duty]:
    """Lists the duties that are needed and that no organ with a post has."""
    return [d for d in _duties.values() if d.without and not Region.objects.served(d.name).exists()]


def organs_with(*names: str) -> QuerySet[Organ]:
    """Queries the organs that have one of these duties today."""
    day = today()
    having = OrganDuty.objects.on(day).filter(duty__in=names)
    return Organ.objects.filter(pk__in=having.values("organ")).exclude(valid_until__lte=day)


def office_for(duty: str, region: int, day: date | None = None) -> Organ | None:
    """Returns the organ that has a duty for a region on a day (today): where its people turn to."""
    found = Organ.objects.raw(SERVING, {"duty": duty, "region": region, "day": day or today()})
    return next(iter(found), None)


def office_of(organ: Organ, duty: str) -> Organ | None:
    """Returns the organ that has a duty today for the region of this one. What several parts of a page ask is read in
    one statement, and once for each organ object."""
    found: dict[str, Organ] | None = getattr(organ, "_offices", None)
    if found is None:
        rows = Organ.objects.raw(ALL_SERVING, {"region": organ.region_id, "day": today()})
        found = {row.duty: row for row in rows}  # type: ignore[attr-defined]
        organ._offices = found  # type: ignore[attr-defined]
    return found.get(duty)


DISCIPLINE = "discipline"
register(Duty(DISCIPLINE, _("纪检监察机关")))
