"""Reads the position of a user (posts held, organs below) and the people who answer in posts."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection
from django.db.models import Q

from accounts.models import User
from massline.time import today
from responsibility.models import Appointment, AppointmentKind, Organ, Post

POSITION_OF_A_USER = """
WITH RECURSIVE held AS (
    SELECT p.id AS post, p.name AS post_name, o.id AS organ, o.name AS organ_name, o.kind AS organ_kind,
           ARRAY(SELECT d.duty FROM responsibility_organduty d
                 WHERE d.organ_id = o.id AND d.since <= %(day)s AND (d.until IS NULL OR d.until > %(day)s)) AS duties,
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
), up (id) AS (
    SELECT organ FROM held
    UNION
    SELECT o.parent_id FROM responsibility_organ o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL
), within (duty, region) AS (
    SELECT d.duty, d.region_id FROM responsibility_organduty d
    WHERE d.organ_id IN (SELECT organ FROM held) AND d.since <= %(day)s AND (d.until IS NULL OR d.until > %(day)s)
    UNION
    SELECT w.duty, r.id FROM responsibility_region r JOIN within w ON r.parent_id = w.region
), offices (duty, organs) AS (
    SELECT d.duty, array_agg(DISTINCT d.organ_id) FROM responsibility_organduty d
    WHERE d.since <= %(day)s
          AND (d.organ_id IN (SELECT organ FROM held) OR (d.duty, d.region_id) IN (SELECT duty, region FROM within))
    GROUP BY d.duty
)
SELECT (SELECT coalesce(json_agg(held ORDER BY post), '[]') FROM held), ARRAY(SELECT id FROM down),
       ARRAY(SELECT id FROM up), (SELECT coalesce(json_object_agg(duty, organs), '{}') FROM offices)
"""

# Names of the people who answer in posts on a day: AppointmentQuerySet.answering, for lists that ask at every page.
ANSWERING_IN = """
SELECT a.post_id, string_agg(u.name, '、' ORDER BY a.id) FROM responsibility_appointment a
JOIN accounts_user u ON u.id = a.user_id AND u.is_active
WHERE a.post_id = ANY(%(posts)s) AND a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
  AND NOT EXISTS (
    SELECT FROM responsibility_absence b JOIN responsibility_appointment s ON s.absence_id = b.id
    JOIN accounts_user su ON su.id = s.user_id AND su.is_active
    WHERE b.appointment_id = a.id AND b.since <= %(day)s AND b.until > %(day)s
      AND s.since <= %(day)s AND (s.until IS NULL OR s.until > %(day)s))
GROUP BY a.post_id
"""


@dataclass(frozen=True)
class HeldPost:
    """A post that the user holds today, by appointment or as a stand-in."""

    post: int
    post_name: str
    organ: int
    organ_name: str
    organ_kind: str
    """Of `OrganKind`."""
    duties: Sequence[str]
    """Of its organ, today."""
    region: int
    is_top: bool
    is_intake: bool
    in_charge_of: Sequence[str]
    acting_for: str
    """The name of whom they stand in for (代理); of the post, where it is vacant; else empty."""
    acting_for_user: str
    """The username of the same person."""


@dataclass(frozen=True)
class Position:
    """Posts that the user holds on a day, and the organs around these in the trees of organs and regions."""

    held: tuple[HeldPost, ...]
    below: frozenset[int]
    """The organs that they lead, with every organ under them."""
    above: frozenset[int]
    """Their own organs, with every organ above these."""
    by_duty: Mapping[str, frozenset[int]]
    """The organs that have or had a duty: their own, and, where one of these has it today, every one in its regions and
    in the regions within them."""

    def offices(self, duty: str) -> frozenset[int]:
        """Returns the organs whose records the user sees for the sake of a duty."""
        return self.by_duty.get(duty, frozenset())

    @property
    def plain_offices(self) -> list[tuple[str, list[int]]]:
        """The organs by duty in one order, for the digest."""
        return sorted((duty, sorted(organs)) for duty, organs in self.by_duty.items())

    @cached_property
    def digest(self) -> str:
        """A hash that differs for every other position."""
        said = (self.held, self.plain_offices, sorted(self.below), sorted(self.above))
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def organs(self) -> frozenset[int]:
        return frozenset(h.organ for h in self.held)

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(h.post for h in self.held)


def position_of(user: User) -> Position:
    """Reads the posts that the user holds today (Shanghai) and the organs around them; once for each user object."""
    found = getattr(user, "_position", None)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(POSITION_OF_A_USER, {"user": user.pk, "day": today()})
            held, below, above, by_duty = cursor.fetchone()
        offices = {duty: frozenset(organs) for duty, organs in by_duty.items()}
        posts = tuple(HeldPost(**row) for row in held)
        found = Position(posts, frozenset(below), frozenset(above), offices)
        user._position = found  # type: ignore[attr-defined]
    return found


def organs_above(organs: Collection[int]) -> set[int]:
    """Returns these organs and every organ above them."""
    parents = dict(Organ.objects.values_list("pk", "parent"))
    found: set[int] = set()
    for organ in organs:
        here: int | None = organ
        while here is not None and here not in found:
            found.add(here)
            here = parents[here]
    return found


def receiving_post(organ: int, besides: int | None = None) -> int | None:
    """Returns the post that receives for an organ (Art. 14: every organ names one); else its top post, or any."""
    posts = Post.objects.filter(organ=organ).exclude(pk=besides or 0).order_by("-is_intake", "-is_top", "pk")
    return posts.values_list("pk", flat=True).first()


def names_in(posts: Collection[int | None], day: date) -> dict[int | None, str]:
    """Returns the names of the people who answer in each post on a day: a list shows who does the work, not only
    where."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERING_IN, {"posts": [post for post in posts if post is not None], "day": day})
        return dict(cursor.fetchall())


def people_in(posts: Collection[int | None], day: date) -> dict[int | None, list[int]]:
    """Returns the users who answer in each post on a day, without holders who are away while another stands in."""
    users: dict[int | None, list[int]] = defaultdict(list)
    for post, user in Appointment.objects.answering(day).filter(post__in=posts).values_list("post", "user"):
        users[post].append(user)
    return users


def one_each(held: Iterable[Appointment]) -> list[Appointment]:
    """Picks one appointment a person, in the order given: their own post before one in which they stand in for
    another."""
    held = list(held)
    own = sorted(held, key=lambda a: a.kind != AppointmentKind.REGULAR)  # keeps the order otherwise
    chosen = {a.user_id: a for a in reversed(own)}
    return [a for a in held if chosen[a.user_id] is a]


def office_people(organ: int, day: date) -> list[tuple[int, int]]:
    """Returns the users who receive for an organ or head it on a day, with their posts; not those who are away while
    another stands in."""
    answering = Appointment.objects.answering(day).filter(
        Q(post__is_intake=True) | Q(post__is_top=True), post__organ=organ
    )
    return list(answering.order_by("user", "post").distinct("user").values_list("user", "post"))
