"""`manage.py load_calendar FILE [--dry-run]`: a year's arrangement of holidays, and every open date by it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import SYSTEM, acting, actor_of
from massline.time import today
from responsibility.arrangements import BadFile, Plan, Sheet, load, parse
from responsibility.calendar import calendar, forget
from responsibility.recompute import Change, Difference, differences, recompute

MAX_BYTES = 1_000_000
NOTES = {
    Change.MOVED: "",
    Change.SETTLED: "",
    Change.BREACHED: gettext_lazy("不变：已经超期（按新安排为 %(due)s）"),
    Change.PAST: gettext_lazy("不变：新日期 %(due)s 已过，仍按原日期"),
}


class Command(BaseCommand):
    help = "Loads the State Council's holiday arrangement of a year, shows which open dates it moves, and moves them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV: `# YEAR notice and its number`, then date,name,kind (off, work)"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would change and write nothing")
        parser.add_argument("--correct", action="store_true", help="also change past days of a year that is known")
        parser.add_argument("--by", metavar="USERNAME", help="who loads it; it stands beside the arrangement")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sheet = parse(_bytes(options["file"]))
            forget()
            plan = Plan(sheet, calendar()).check(today(), correct=options["correct"])
        except BadFile as error:
            raise CommandError(_("没有收录：\n%(faults)s") % {"faults": error}) from None
        by = _user(options["by"])
        self._show(plan)
        if options["dry_run"]:
            self.stdout.write(_("试行：什么也没有写入"))
            return
        with acting(actor_of(by) if by else SYSTEM):
            self._load(sheet, by, options["correct"])
            done = recompute()
        counts = done.counts
        self.stdout.write(
            _("改了日期 %(moved)s 项，不再暂定 %(settled)s 项，保持不变 %(kept)s 项；其余 %(checked)s 项已核对")
            % {
                "moved": counts[Change.MOVED],
                "settled": counts[Change.SETTLED],
                "kept": counts[Change.BREACHED] + counts[Change.PAST],
                "checked": done.checked,
            }
        )
        if done.failed:
            raise CommandError(_("没有能够重算：%(numbers)s") % {"numbers": "、".join(done.failed.values())})

    def _load(self, sheet: Sheet, by: User | None, correct: bool) -> None:
        try:
            load(sheet, by=by, correct=correct)
        except BadFile as error:  # another load was quicker
            raise CommandError(_("没有收录：\n%(faults)s") % {"faults": error}) from None

    def _show(self, plan: Plan) -> None:
        if not plan.changed:
            self.stdout.write(_("与已经收录的一致，没有变化"))
            return
        for year, days in plan.changed.items():
            off = sum(fact.off for fact in days.values())
            facts = {"year": year, "off": off, "work": len(days) - off, "source": plan.sheet.sources[year]}
            self.stdout.write(_("%(year)s 年：放假 %(off)s 天，另有 %(work)s 天上班。来源：%(source)s") % facts)
            if missing := plan.missing(year):
                names = {"year": year, "names": "、".join(missing)}
                self.stderr.write(_("请核对：%(year)s 年的安排里没有 %(names)s") % names)
        shown = 0
        for found in differences(plan.calendar, timezone.now()):
            shown += 1
            self.stdout.write(_row(found))
        self.stdout.write(_("共 %(n)s 项期限有变化") % {"n": shown})


def _row(found: Difference) -> str:
    """Describes one obligation: number, rule, both dates as they are and as they will be."""
    o, due = found.obligation, found.due
    kept = str(NOTES[found.change]) % {"due": due.due_legal} if NOTES[found.change] else ""
    moves = [
        f"{label} {old}" if kept or old == new else f"{label} {old} → {new}"
        for label, old, new in (
            (_("截止"), o.due_strict, due.due_strict),
            (_("法定截止"), o.due_legal, due.due_legal),
        )
    ]
    settled = _("不再暂定") if o.provisional and not due.provisional else ""
    return "  ".join(filter(None, [o.subject_key, o.rule, *moves, settled, kept]))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile(_("文件太大，不像一份放假安排"))
        return path.read_bytes()
    except OSError as error:
        raise BadFile(_("读不了文件 %(name)s：%(error)s") % {"name": path, "error": error.strerror}) from None


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(_("没有这个用户：%(name)s") % {"name": name}) from None
