"""Which posts a person answers in on a day, regular or acting; and what lies below them in the tree."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q

from accounts.models import User
from massline.time import today
from responsibility.models import Appointment, AppointmentKind, Organ, OrganKind, Post

WHERE_THEY_STAND = """
WITH RECURSIVE held AS (
    SELECT p.id AS post, p.name AS post_name, o.id AS organ, o.name AS organ_name, o.kind AS organ_kind,
           o.region_id AS region, p.is_top, p.is_intake, p.in_charge_of,
           CASE WHEN a.kind = 'acting' THEN coalesce(hu.name, p.name) ELSE '' END AS acting_for,
           CASE WHEN a.kind = 'acting' THEN coalesce(hu.username, '') ELSE '' END AS acting_for_user
    FROM responsibility_appointment a
    JOIN responsibility_post p ON p.id = a.post_id
    JOIN responsibility_organ o ON o.id = p.organ_id
    LEFT JOIN responsibility_absence b ON b.id = a.absence_id
    LEFT JOIN responsibility_appointment h ON h.id = b.appointment_id
    LEFT JOIN accounts_user hu ON hu.id = h.user_id
    WHERE a.user_id = %(user)s AND a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
), down (id) AS (
    SELECT organ FROM held WHERE is_top
    UNION
    SELECT o.id FROM responsibility_organ o JOIN down ON o.parent_id = down.id
), within (id) AS (
    SELECT region FROM held WHERE organ_kind = 'petition_office'
    UNION
    SELECT r.id FROM responsibility_region r JOIN within ON r.parent_id = within.id
)
SELECT (SELECT coalesce(json_agg(held ORDER BY post), '[]') FROM held), ARRAY(SELECT id FROM down),
       ARRAY(SELECT o.id FROM within JOIN responsibility_organ o ON o.region_id = within.id
             WHERE o.kind = 'petition_office')
"""

# A region and those around it, from the nearest on.
REGIONS_UP = """
WITH RECURSIVE up (depth, id, parent_id) AS (
    SELECT 0, r.id, r.parent_id FROM responsibility_region r WHERE r.id = %(region)s
    UNION ALL
    SELECT up.depth + 1, r.id, r.parent_id FROM up JOIN responsibility_region r ON r.id = up.parent_id
)
"""
# The petition department that serves a region, and the post that receives petitions in it.
OFFICE_OF = f"""
{REGIONS_UP}
SELECT o.id AS office,
       (SELECT p.id FROM responsibility_post p WHERE p.organ_id = o.id
        ORDER BY p.is_intake DESC, p.is_top DESC, p.id LIMIT 1) AS post
FROM up JOIN responsibility_organ o ON o.region_id = up.id
WHERE o.kind = 'petition_office' AND o.valid_until IS NULL
ORDER BY up.depth LIMIT 1
"""  # noqa: S608 -- both are ours
# The organ of a kind that serves a region: its own, else that of the nearest region around it.
SERVING = f"""
{REGIONS_UP}
SELECT o.* FROM up JOIN responsibility_organ o ON o.region_id = up.id
WHERE o.kind = %(kind)s AND o.valid_until IS NULL
ORDER BY up.depth, o.id LIMIT 1
"""  # noqa: S608 -- both are ours


@dataclass(frozen=True)
class Held:
    """A post that somebody answers in."""

    post: int
    post_name: str
    organ: int
    organ_name: str
    organ_kind: str
    region: int
    is_top: bool
    is_intake: bool
    in_charge_of: Sequence[str]
    acting_for: str
    """The name of whom they stand in for (代理); of the post, where it is vacant; else empty."""
    acting_for_user: str
    """The username of the same person."""


@dataclass(frozen=True)
class Standing:
    """Where an official stands on a day: their posts, and what lies around these in the trees of organs and regions."""

    held: tuple[Held, ...]
    below: frozenset[int]
    """The organs that they lead, with every organ under them."""
    offices: frozenset[int]
    """The petition departments (信访部门) of the regions that they work for, and of every region within them."""

    @property
    def organs(self) -> frozenset[int]:
        return frozenset(h.organ for h in self.held)

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(h.post for h in self.held)


def standing(user: User) -> Standing:
    """Where this person stands today (Shanghai); read once for each user object, that is once a request."""
    found = getattr(user, "_standing", None)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(WHERE_THEY_STAND, {"user": user.pk, "day": today()})
            held, *around = cursor.fetchone()
        found = Standing(tuple(Held(**row) for row in held), *(frozenset(pks) for pks in around))
        user._standing = found  # type: ignore[attr-defined]
    return found


def receiving_post(organ: int, besides: int | None = None) -> int | None:
    """The post that receives petitions in an organ (Art. 14: every organ names one); else its top post, or any."""
    posts = Post.objects.filter(organ=organ).exclude(pk=besides or 0).order_by("-is_intake", "-is_top", "pk")
    return posts.values_list("pk", flat=True).first()


def petition_office_of(region: int) -> int | None:
    """The petition department (信访部门) of the region, or of the nearest region around it."""
    found = _ids(OFFICE_OF, region=region)
    return found[0] if found else None


def organ_serving(region: int, kind: OrganKind) -> Organ | None:
    """The organ of this kind in the region, or in the nearest region around it: where its people turn to."""
    return next(iter(Organ.objects.raw(SERVING, {"region": region, "kind": kind})), None)


def _ids(sql: str, **params: int | list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def names_in(posts: Collection[int | None], day: date) -> dict[int | None, str]:
    """Who answers in each post on a day, by name: a record says who does it, not only which post does."""
    names: dict[int | None, list[str]] = defaultdict(list)
    for post, name in Appointment.objects.sitting(day).filter(post__in=posts).values_list("post", "user__name"):
        names[post].append(name)
    return {post: "、".join(found) for post, found in names.items()}


def people_in(posts: Collection[int | None], day: date) -> dict[int | None, list[int]]:
    """Who answers in each post on a day. Nobody who is away while another stands in."""
    users: dict[int | None, list[int]] = defaultdict(list)
    for post, user in Appointment.objects.sitting(day).filter(post__in=posts).values_list("post", "user"):
        users[post].append(user)
    return users


def one_each(held: Iterable[Appointment]) -> list[Appointment]:
    """One appointment a person, in the order given: their own post before one in which they stand in for another."""
    held = list(held)
    own = sorted(held, key=lambda a: a.kind != AppointmentKind.REGULAR)  # keeps the order otherwise
    chosen = {a.user_id: a for a in reversed(own)}
    return [a for a in held if chosen[a.user_id] is a]


def office_people(organ: int, day: date) -> list[tuple[int, int]]:
    """Who receives and who heads in an organ on a day: (user, post). Nobody who is away while another stands in."""
    sitting = Appointment.objects.sitting(day).filter(Q(post__is_intake=True) | Q(post__is_top=True), post__organ=organ)
    return list(sitting.order_by("user", "post").distinct("user").values_list("user", "post"))
