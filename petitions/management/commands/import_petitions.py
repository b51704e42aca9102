"""`manage.py import_petitions FILE --mapping TOML [--dry-run] [--rejects FILE]`: takes over an existing ledger."""

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from massline.time import local_day
from petitions.importing.rows import PetitionRow
from petitions.importing.writing import author
from petitions.models import Demand
from records.importing.command import ImportCommand, Summary
from records.importing.rows import Entry
from responsibility import deadlines
from responsibility.calendar import calendar
from responsibility.rules import applied

DAYS = (15, 60, 90)


class AnswerTimes(Summary):
    """Counts the answers that came more than so many days after the petition, and those late by the rule of the
    time."""

    def __init__(self) -> None:
        self.replied, self.after, self.by_rule = 0, dict.fromkeys(DAYS, 0), 0

    def add(self, entry: Entry) -> None:
        row: PetitionRow = entry.data
        if row.replied_at is None:
            return
        self.replied += 1
        for days in DAYS:
            self.after[days] += local_day(row.replied_at) > local_day(row.received_at) + timedelta(days=days)
        rule = applied("XF06", local_day(row.received_at))
        if rule is not None:
            due = deadlines.compute(rule, row.received_at, calendar()).due_at
            self.by_rule += due is not None and row.replied_at >= due

    def sentence(self) -> str:
        facts = {"replied": self.replied, "by_rule": self.by_rule} | {f"d{n}": self.after[n] for n in DAYS}
        return (
            _(
                "答复 %(replied)s 件，其中超过15日 %(d15)s 件，超过60日 %(d60)s 件，超过90日 %(d90)s 件；"
                "按当时的办理期限（收到视为受理）逾期 %(by_rule)s 件"
            )
            % facts
        )


class Command(ImportCommand):
    help = "Takes over an existing ledger of petitions (CSV or a spreadsheet). Can be repeated: no row comes in twice."
    kind = Demand.KIND
    summary = AnswerTimes

    def author(self) -> User:
        return author()
