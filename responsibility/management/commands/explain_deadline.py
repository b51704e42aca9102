"""`manage.py explain_deadline RULE FROM [--days N]`: when something is due, and why, as one JSON object."""

import json
import re
import sys
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.time import instant, local_time
from responsibility import deadlines
from responsibility.calendar import Calendar, calendar, shipped
from responsibility.derivation import derivation, sentence
from responsibility.rules import RuleNotValid, UnknownRule, rule

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
INSTANT = re.compile(rf"{DATE.pattern}[Tt ]{TIME}([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})?")
NUMBER = re.compile(r"-?[0-9]{1,9}")

# From an error to its type, title and status as a problem (RFC 9457).
PROBLEMS: tuple[tuple[type[Exception], str, Any, int], ...] = (
    (UnknownRule, "unknown-rule", gettext_lazy("没有这条规则"), 404),
    (RuleNotValid, "rule-not-valid", gettext_lazy("规则在这一天不适用"), 422),
    (deadlines.WrongDays, "wrong-days", gettext_lazy("天数不对"), 422),
    (deadlines.OutOfRange, "out-of-range", gettext_lazy("日期超出范围"), 422),
    (ValueError, "not-understood", gettext_lazy("参数无法识别"), 400),
)


class Command(BaseCommand):
    help = "Print the due dates of a rule from a day or an instant, with their derivation, as one JSON object."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = self._misused  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", metavar="RULE", help="XF06, or XF06@2005 for an edition that no longer applies")
        parser.add_argument("start", metavar="FROM", help="YYYY-MM-DD or an RFC 3339 instant; Shanghai unless it says")
        parser.add_argument("--days", metavar="N", help="the days that were ordered (XF12) or granted (XF07)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = explain(options["rule"], options["start"], options["days"], self._known())
            self.stdout.write(_json(answer, self.stdout))
        except ValueError as error:
            kind, title, status = next((k, t, s) for cls, k, t, s in PROBLEMS if isinstance(error, cls))
            self._fail(kind, str(title), status, str(error))

    def _known(self) -> Calendar:
        """Returns the calendar in force; where no database answers, the one that comes with the program, with a
        warning."""
        try:
            return calendar()
        except OperationalError:
            self.stderr.write(_("连不上数据库，按程序自带的放假安排计算。"))
            return shipped()

    def _misused(self, message: str) -> NoReturn:
        """Reports arguments that argparse does not understand."""
        detail = _("用法：explain_deadline 规则 起算日期 [--days 天数]。%(message)s") % {"message": message}
        self._fail("usage", _("命令用法不对"), 400, detail)

    def _fail(self, kind: str, title: str, status: int, detail: str) -> NoReturn:
        """Writes one problem to stderr and exits with code 2; called from code, raises an exception that carries
        both."""
        text = _json({"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail}, self.stderr)
        if not getattr(self, "_called_from_command_line", False):
            raise CommandError(text, returncode=2)
        self.stderr.write(text, style_func=str)
        sys.exit(2)


def explain(address: str, start: str, days: str | int | None, known: Calendar) -> dict[str, Any]:
    """Returns the answer of the command. `address` is a code, or code@edition."""
    moment = parse_start(start)
    day = deadlines.check_day(moment)
    code, _at, edition = address.partition("@")
    if _at and not edition:
        raise ValueError(_("“@”后面应当写版本，例如 XF06@2005。"))
    applied = rule(code, on=day, edition=edition or None)
    if applied.unit == "h":
        moment = local_time(instant(moment))
    due = deadlines.compute(applied, moment, known, days=parse_days(days))
    answer = {
        "rule": address,
        "from": moment.isoformat(),
        "due_strict": due.due_strict and due.due_strict.isoformat(),
        "due_legal": due.due_legal and due.due_legal.isoformat(),
        "provisional": due.provisional,
        "steps": [
            {"date": step.date.isoformat(), "counted": step.counted, "why": sentence(step)} for step in derivation(due)
        ],
    }
    return answer if due.amount is not None else {**answer, "as_ordered": True}


def parse_start(text: str) -> date | datetime:
    """Parses a date, or an instant in Shanghai's time; a naive instant is Shanghai's."""
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
        if INSTANT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            return local_time(instant(moment))
    except OverflowError:
        raise deadlines.out_of_range() from None
    except ValueError:
        pass
    raise ValueError(_("起算时间“%(text)s”无法识别，请写成 2026-03-01 或 2026-03-01T09:00:00+08:00。") % {"text": text})


def parse_days(days: str | int | None) -> int | None:
    if days is None or isinstance(days, int):
        return days
    if not NUMBER.fullmatch(days):
        raise deadlines.WrongDays(_("天数“%(days)s”不对，请写一个整数。") % {"days": days[:40]})
    return int(days)


def _json(answer: dict[str, Any], stream: Any) -> str:
    """Writes one line of JSON, in Chinese where the stream can show it."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeError:
        return json.dumps(answer)
    return text
