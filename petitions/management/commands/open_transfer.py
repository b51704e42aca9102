"""Opens what a line of the register of transfers keeps sealed, for a competent organ's written demand."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from audit import log
from audit.context import actor_of
from petitions.events import TRANSFER_OPENED
from petitions.transfers.models import Transfer
from petitions.transfers.sealing import open_sealed


class Command(BaseCommand):
    help = "Prints the sealed text of a transfer as JSON. Who opens it and on what ground is put on record first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--by", required=True, help="user name of who opens it")
        parser.add_argument("--ground", required=True, help="the demand: organ, number, day")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        line = Transfer.objects.filter(number=options["number"]).first()
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if line is None or line.sealed is None:
            raise CommandError(f"nothing is sealed under {options['number']}")
        if user is None:
            raise CommandError(f"nobody is called {options['by']}")
        subject = log.Subject(Transfer.KIND, line.number)
        log.record(TRANSFER_OPENED, subject=subject, actor=actor_of(user), reason=options["ground"])
        self.stdout.write(json.dumps(open_sealed(line), ensure_ascii=False, indent=1))
