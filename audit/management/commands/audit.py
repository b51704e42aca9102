"""manage.py audit verify: does the record still say what the log says?"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from audit.verify import Report, verify


class Command(BaseCommand):
    help = "Checks the log. verify: every row is its latest image, every image has its event, every event its actor."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("verify", help="compare every watched table with the log")
        check.add_argument("tables", nargs="*", metavar="TABLE", help="only these (all by default)")
        check.add_argument("--json", action="store_true", help="print one JSON object")
        check.add_argument("--database", default="default", help="connection to read through")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(*options["tables"], using=options["database"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self.print_report(report)
        if not report.ok:
            sys.exit(1)

    def print_report(self, report: Report) -> None:
        out = self.stdout.write
        for table in report.tables:
            out(f"{table.table}: {table.rows} rows, {table.images} images, {table.differences} differences")
            if table.fault:
                out(f"  FAULT: {table.fault}")
            for one in table.shown:
                when = f" before image {one.image}" if one.image else ""
                out(f"  {one.kind}: {table.table} {one.key}{when} {', '.join(one.columns)}".rstrip())
            if table.differences > len(table.shown):
                out(f"  … and {table.differences - len(table.shown)} more")
        for name in report.unguarded:
            out(f"FAULT: {name} does not refuse UPDATE, DELETE and TRUNCATE")
        out(f"changes without an event: {report.unexplained}")
        for change in report.newest_unexplained:
            secret = f" (secret: {', '.join(change.secrets)})" if change.secrets else ""
            what = f"{change.op} {change.table} {change.key}{secret}"
            out(f"  {change.at:%Y-%m-%dT%H:%M:%SZ} {what} by {change.session_user}")
        out(f"missing events that images point to: {report.missing_events}")
        for gone in report.newest_missing_events:
            out(f"  event {gone.event}: {gone.images} images, of {gone.table} among others")
        out(f"actors without an account: {report.unknown_actors}")
        for who in report.newest_unknown_actors:
            out(f"  {who.kind} {who.key}: {who.events} events, the last is {who.last_event}")
        out("ok: every row is as the log says" if report.ok else "NOT OK: the record and the log differ")
