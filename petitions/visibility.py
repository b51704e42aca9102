"""The rules of who sees which petition, and in which role: lists, counts, pages, acts and exports all use them."""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q, prefetch_related_objects

from accounts.models import Kind, User
from citizens.citizen import Citizen
from citizens.recusal import not_recused
from petitions.duties import PETITION_OFFICE
from records.models.frozen import not_frozen
from responsibility import content_classes
from responsibility.people import HeldPost, Position, position_of

if TYPE_CHECKING:
    from petitions.models import Demand

LOOK_RULE = "ML05"
"""The rule under which the head of an organ has to look into a bad rating."""
NOTHING = Q(pk__in=[])


class Role(StrEnum):
    """The roles that an actor can have towards one petition."""

    CITIZEN = "citizen"
    CLERK = "clerk"
    CHIEF = "chief"
    INTAKE = "intake"
    DEPUTY = "deputy"
    LEADER = "leader"
    HANDLER = "handler"
    SUPERIOR = "superior"
    UPPER_OFFICE = "upper_office"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    LOOKER = "looker"
    SENDER = "sender"
    """The official who handed over the accusation found in the petition: they tell the petitioner, and do nothing
    else."""


AnyDemand = TypeVar("AnyDemand", bound=models.Model)


class VisibleDemands(models.QuerySet[AnyDemand]):
    """Demands, limited to those that a user may see."""

    def for_user(self, user: User) -> Self:
        return self.filter(_visible(user))

    def overdue(self, now: Any) -> Self:
        return self.filter(due_at__lte=now)


def _visible(user: User) -> Q:
    if not user.is_active:
        return NOTHING
    exists = Q(sealed=False) & not_recused(user, "petition") & not_frozen("petition")
    if user.kind in (Kind.INSPECTOR, Kind.AUDITOR):
        return exists
    if user.kind != Kind.OFFICIAL:
        return NOTHING
    return exists & reduce(or_, _visible_through(position_of(user)), NOTHING)


def _visible_through(where: Position) -> list[Q]:
    ways = [
        Q(office__in=where.offices(PETITION_OFFICE)),
        Q(organ__in=where.below | {h.organ for h in where.held if h.is_intake}),
        Q(handler__in=where.posts),
    ]
    ways += [Q(organ=h.organ) & content_classes.covered(h.in_charge_of) for h in where.held if not h.is_top]
    return ways


def roles_towards(demand: Demand, actor: User | Citizen) -> frozenset[Role]:
    """Returns the roles of the actor towards the demand now; none when the actor may not see it."""
    if isinstance(actor, Citizen):
        return frozenset({Role.CITIZEN} if actor.filing == demand.petition_id else ())
    if not actor.is_active:
        return frozenset()
    if demand.sealed:
        return frozenset({Role.SENDER} if _handed_over_by(demand, actor) else ())
    prefetch_related_objects([demand], "petition__filing__complained")
    if any(named.user_id == actor.pk for named in demand.petition.filing.complained.all()):
        return frozenset()
    if actor.kind in (Kind.INSPECTOR, Kind.AUDITOR):
        return frozenset({Role(actor.kind)})
    if actor.kind != Kind.OFFICIAL:
        return frozenset()
    where = position_of(actor)
    roles = {role for held in where.held for role in roles_in_post(demand, held)}
    if demand.organ_id in where.below and Role.LEADER not in roles:
        roles.add(Role.SUPERIOR)
    if not roles and demand.office_id in where.offices(PETITION_OFFICE):
        roles.add(Role.UPPER_OFFICE)
    if any(owes_look(demand, held) for held in where.held):
        roles.add(Role.LOOKER)
    return frozenset(roles)


def owes_look(demand: Demand, held: HeldPost) -> bool:
    """Returns whether the holder of this top post owes a look at a bad rating; either head of the organ may do it
    (党政同责)."""
    may = held.is_top and demand.state in demand.RATED
    return may and any(o.rule == LOOK_RULE and o.closed_at is None and o.organ_id == held.organ for o in demand.owed)


def _handed_over_by(demand: Demand, user: User) -> bool:
    line = getattr(demand, "transfer", None)
    return user.kind == Kind.OFFICIAL and line is not None and line.sent_by_id == user.pk


def roles_in_post(demand: Demand, held: HeldPost) -> set[Role]:
    roles = set()
    if held.organ == demand.office_id:
        roles |= {Role.CHIEF} if held.is_top else {Role.CLERK} if held.is_intake else {Role.UPPER_OFFICE}
    if held.organ == demand.organ_id:
        # An organ that received a petition directly registers it (Art. 23).
        roles |= {Role.CLERK} if held.is_intake and demand.state == "received" else set()
        roles |= {Role.LEADER} if held.is_top else set()
        roles |= {Role.INTAKE} if held.is_intake else set()
        if not held.is_top and content_classes.covers(held.in_charge_of, demand.category):
            roles.add(Role.DEPUTY)
    if held.post == demand.handler_id:
        roles.add(Role.HANDLER)
    return roles
