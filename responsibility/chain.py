"""Builds the chain of responsibility (责任链) of a piece of work at a moment: the handler, the posts in charge, the top
leaders, and those above them. Every link that is passed over says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from massline.languages import reads_english
from massline.time import local_day
from responsibility import content_classes
from responsibility.models import Organ, OrganDuty, Region
from responsibility.subjects import ChainSubject


class Relation(StrEnum):
    HANDLER = "handler"
    IN_CHARGE = "in_charge"
    TOP = "top"


RELATION_LABELS = {
    Relation.HANDLER: _("经办人"),
    Relation.IN_CHARGE: _("分管领导"),
    Relation.TOP: _("主要负责人"),
}


class Skip(StrEnum):
    """Why a link was passed over."""

    VACANT = "vacant"
    ON_LEAVE = "on_leave"
    SAME_PERSON = "same_person"
    COMPLAINED_ABOUT = "complained_about"
    NO_POST = "no_post"


SKIP_LABELS = {
    Skip.VACANT: _("岗位空缺"),
    Skip.ON_LEAVE: _("请假且无人代理"),
    Skip.SAME_PERSON: _("与下一级为同一人"),
    Skip.COMPLAINED_ABOUT: _("系被反映人，依法回避"),
    Skip.NO_POST: _("未设岗位"),
}
GAPS = frozenset({Skip.VACANT, Skip.ON_LEAVE, Skip.NO_POST})
"""Reasons for a skipped link that whoever keeps the register of posts can mend."""


@dataclass(frozen=True)
class Link:
    """One post on the chain and the person who answers in it at that moment; `skip` says why there is none."""

    relation: Relation
    depth: int
    """0 for the organ that has the work, 1 for its superior, and so on to the root."""
    organ: int
    organ_name: str
    post: int | None
    post_name: str
    user: int | None = None
    user_name: str = ""
    acting_for: str = ""
    skip: Skip | None = None
    organ_name_en: str = ""
    post_name_en: str = ""

    @property
    def organ_called(self) -> str:
        """The organ's name in the language of the reader."""
        return (reads_english() and self.organ_name_en) or self.organ_name

    @property
    def post_called(self) -> str:
        return (reads_english() and self.post_name_en) or self.post_name

    @property
    def label(self) -> Any:
        return RELATION_LABELS[self.relation]

    @property
    def skip_label(self) -> Any:
        return SKIP_LABELS[self.skip] if self.skip else ""


@dataclass(frozen=True)
class StaffedPost:
    """A post with its holder and the holder's stand-in on a day, before the chain passes over any of them."""

    depth: int
    organ: int
    organ_name: str
    post: int | None
    post_name: str = ""
    is_top: bool = False
    does_it: bool = False
    in_charge_of: Sequence[str] = ()
    holder: int | None = None
    holder_name: str = ""
    on_leave: bool = False
    acting: int | None = None
    acting_name: str = ""
    organ_name_en: str = ""
    post_name_en: str = ""


UP_THE_TREE = """
    SELECT 0, o.id, o.name, o.name_en, o.parent_id, true FROM responsibility_organ o WHERE o.id = %(organ)s
    UNION ALL
    SELECT up.depth + 1, o.id, o.name, o.name_en, o.parent_id,
           o.valid_from <= %(day)s AND (o.valid_until IS NULL OR o.valid_until > %(day)s)
    FROM up JOIN responsibility_organ o ON o.id = up.parent_id
    WHERE up.depth < 32
"""
UP_THE_LINE = """
    SELECT place::integer - 1, o.id, o.name, o.name_en, o.parent_id, true
    FROM unnest(%(line)s::bigint[]) WITH ORDINALITY AS line (id, place) JOIN responsibility_organ o ON o.id = line.id
"""
STAFFED_POSTS = """
WITH RECURSIVE up (depth, id, name, name_en, parent_id, usable) AS ({up}), does_it (id) AS (
    SELECT coalesce(%(post)s, (SELECT id FROM responsibility_post WHERE organ_id = %(organ)s
                               ORDER BY is_intake DESC, is_top DESC, id LIMIT 1))
)
SELECT up.depth, up.id, up.name, p.id, coalesce(p.name, ''), coalesce(p.is_top, false),
       coalesce(up.depth = 0 AND p.id = does_it.id, false),
       coalesce(p.in_charge_of, '{{}}'), u.id, coalesce(u.name, ''),
       EXISTS (SELECT FROM responsibility_absence b
               WHERE b.appointment_id = r.id AND b.since <= %(day)s AND b.until > %(day)s),
       au.id, coalesce(au.name, ''), up.name_en, coalesce(p.name_en, '')
FROM up CROSS JOIN does_it
LEFT JOIN responsibility_post p ON p.organ_id = up.id
    AND (p.is_top OR (up.depth = 0 AND (p.id = does_it.id OR p.in_charge_of <> '{{}}')))
LEFT JOIN responsibility_appointment r ON r.post_id = p.id AND r.kind = 'regular'
    AND r.since <= %(day)s AND (r.until IS NULL OR r.until > %(day)s)
LEFT JOIN accounts_user u ON u.id = r.user_id AND u.is_active
LEFT JOIN responsibility_appointment a ON a.post_id = p.id AND a.kind = 'acting'
    AND a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
    AND NOT EXISTS (SELECT FROM responsibility_absence b
                    WHERE b.appointment_id = a.id AND b.since <= %(day)s AND b.until > %(day)s)
LEFT JOIN accounts_user au ON au.id = a.user_id AND au.is_active
WHERE up.usable
ORDER BY up.depth, p.id
"""


def staffed_posts(organ: int, post: int | None, day: date, line: str = "") -> list[StaffedPost]:
    """Reads every post that could be a link, from the organ up to the root, in one query.

    `post` None stands for the one that receives for the organ (Art. 14: every organ names one). `line`: only organs
    with this duty are above it.
    """
    above = [organ, *line_above(organ, line, day)] if line else []
    with connection.cursor() as cursor:
        sql = STAFFED_POSTS.format(up=UP_THE_LINE if line else UP_THE_TREE)
        cursor.execute(sql, {"organ": organ, "post": post, "day": day, "line": above})
        return [StaffedPost(*row) for row in cursor.fetchall()]


def line_above(organ: int, duty: str, day: date) -> list[int]:
    """Returns the organs with this duty above an organ, the nearest first: its parent when it has the duty, else the
    organ of the nearest region around."""
    here = OrganDuty.objects.on(day).filter(duty=duty, organ__valid_from__lte=day).exclude(organ__valid_until__lte=day)
    there = {pk: (region, parent) for pk, region, parent in here.values_list("organ", "region", "organ__parent")}
    in_region = {region: pk for pk, (region, _parent) in there.items()}
    around = dict(Region.objects.values_list("pk", "parent"))
    region, parent = Organ.objects.values_list("region", "parent").get(pk=organ)
    found: list[int] = []
    while True:
        if parent not in there:
            place = around[region] if organ in there or found else region
            while place is not None and place not in in_region:
                place = around[place]
            parent = None if place is None else in_region[place]
        if parent is None or parent in (organ, *found):
            return found
        found.append(parent)
        region, parent = there[parent]


def levels_above(organ: int, day: date) -> int:
    """Counts the organs between an organ and the root, the root included."""
    return max(staffed.depth for staffed in staffed_posts(organ, None, day))


def chain(work: ChainSubject, at: datetime, found: list[StaffedPost] | None = None) -> list[Link]:
    """Returns the ordered links for a piece of work at a moment, each skipped one with its reason.

    `found` may bring posts read before (for the same organ, post and Shanghai day).
    """
    day = local_day(at)
    if found is None:
        found = staffed_posts(work.organ, work.post, day, work.line)
    return list(_pass_over(_candidates(found, work), work))


def _candidates(found: list[StaffedPost], work: ChainSubject) -> Iterator[tuple[Relation, StaffedPost]]:
    for depth, group in groupby(found, key=lambda staffed: staffed.depth):
        level = list(group)
        if depth == 0:
            yield Relation.HANDLER, next((staffed for staffed in level if staffed.does_it), _no_post(level[0]))
            yield from ((Relation.IN_CHARGE, staffed) for staffed in _in_charge(level, work))
        tops = [staffed for staffed in level if staffed.is_top]
        yield from ((Relation.TOP, staffed) for staffed in tops or [_no_post(level[0])])


def _no_post(staffed: StaffedPost) -> StaffedPost:
    return StaffedPost(staffed.depth, staffed.organ, staffed.organ_name, None, organ_name_en=staffed.organ_name_en)


def _in_charge(level: list[StaffedPost], work: ChainSubject) -> list[StaffedPost]:
    """Returns the posts in charge: those whose prefix fits the content class best; none where the work has no class."""
    fitting = content_classes.prefixes(work.content_class)

    def fit(staffed: StaffedPost) -> int:
        return max((len(prefix) for prefix in fitting if prefix in staffed.in_charge_of), default=-1)

    best = max((fit(staffed) for staffed in level if not staffed.is_top), default=-1)
    return [staffed for staffed in level if not staffed.is_top and best >= 0 and fit(staffed) == best]


def _pass_over(candidates: Iterable[tuple[Relation, StaffedPost]], work: ChainSubject) -> Iterator[Link]:
    seen: set[int] = set()
    for relation, staffed in candidates:
        user, name, acting_for, skip = _who_answers(staffed)
        if skip is None and user in work.recused:
            skip = Skip.COMPLAINED_ABOUT
        if skip is None and user in seen:
            skip = Skip.SAME_PERSON
        if skip is None and user is not None:
            seen.add(user)
        yield Link(
            relation,
            staffed.depth,
            staffed.organ,
            staffed.organ_name,
            staffed.post,
            staffed.post_name,
            user,
            name,
            acting_for,
            skip,
            staffed.organ_name_en,
            staffed.post_name_en,
        )


def _who_answers(staffed: StaffedPost) -> tuple[int | None, str, str, Skip | None]:
    if staffed.post is None:
        return None, "", "", Skip.NO_POST
    if staffed.holder is not None and not staffed.on_leave:
        return staffed.holder, staffed.holder_name, "", None
    if staffed.acting is not None:
        return staffed.acting, staffed.acting_name, staffed.holder_name or staffed.post_name, None
    return staffed.holder, staffed.holder_name, "", Skip.ON_LEAVE if staffed.holder is not None else Skip.VACANT


def present(links: Iterable[Link]) -> list[Link]:
    """Returns the links whose post has a person who answers in it."""
    return [link for link in links if link.skip is None]
