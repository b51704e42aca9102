"""What a task takes from the record because of which it is ordered or proposed (由此立项)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from inspection.duties import INSPECTION_OFFICE
from inspection.models import Origin, Task
from massline.time import local_day
from responsibility import duties
from responsibility.models import Organ
from responsibility.presentation import escalations_about, instructions_of
from responsibility.subjects import Matter, adapter


def office_of_source(source: Any) -> Organ | None:
    """Returns the inspection office that decides about a proposal because of this record."""
    organ = getattr(source, "organ", None)
    return duties.office_of(organ, INSPECTION_OFFICE) if organ else None


def begin_because(source: Any, user: User) -> dict[str, Any]:
    """Begins an order with the title and the class of its source. A leader's instruction about it is named by its day,
    and never quoted: its words are a work secret (工作秘密)."""
    matter: Matter = source.matter
    about = adapter(matter.kind).describe([matter.pk], user).get(matter.pk)
    if about is None:
        return {}
    longest = Task._meta.get_field("title").max_length
    begun = {"title": about.title[:longest], "category": about.category, "origin": Origin.RECORD}
    if given := instructions_of(escalations_about(matter.kind, matter.pk)):
        day = local_day(given[-1].at)
        words = {"year": day.year, "month": day.month, "day": day.day}
        begun |= {
            "origin": Origin.INSTRUCTION,
            "origin_note": _("%(year)s 年 %(month)s 月 %(day)s 日批示") % words,
        }
    return begun
