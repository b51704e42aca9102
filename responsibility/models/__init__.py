"""Models of responsibility: organs, posts and the people in them; obligations and their escalations."""

from responsibility.models.accountable import Accountable
from responsibility.models.arrangements import ArrangedDay, Arrangement
from responsibility.models.obligations import (
    Escalation,
    EscalationState,
    Notice,
    Obligation,
    ObligationQuerySet,
    Outcome,
    shown_due,
)
from responsibility.models.organs import (
    Absence,
    Appointment,
    AppointmentKind,
    AppointmentQuerySet,
    Because,
    DateRange,
    Organ,
    OrganDuty,
    OrganKind,
    Post,
    Region,
)
from responsibility.models.outbox import Channel, Delivery, Message, Preference
from responsibility.models.readers import Reader
from responsibility.models.recurring import DutyPeriod, DutyPeriodQuerySet, PeriodState, PostDuty

__all__ = [
    "Absence",
    "Accountable",
    "Appointment",
    "AppointmentKind",
    "AppointmentQuerySet",
    "ArrangedDay",
    "Arrangement",
    "Because",
    "Channel",
    "DateRange",
    "Delivery",
    "DutyPeriod",
    "DutyPeriodQuerySet",
    "Escalation",
    "EscalationState",
    "Message",
    "Notice",
    "Obligation",
    "ObligationQuerySet",
    "Organ",
    "OrganDuty",
    "OrganKind",
    "Outcome",
    "PeriodState",
    "Post",
    "PostDuty",
    "Preference",
    "Reader",
    "Region",
    "shown_due",
]
