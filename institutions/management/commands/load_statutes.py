"""Enters the laws on which massline's periods rest into the register of regulations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from institutions.duties import LEGAL_OFFICE
from institutions.statutes import load
from responsibility.duties import organs_with


class Command(BaseCommand):
    help = "Enters the laws on which massline's periods rest, as regulations of the first legal office. May run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        organ = organs_with(LEGAL_OFFICE).order_by("region__parent_id", "pk").first()
        if organ is None:
            raise CommandError("No organ has the duty legal_office; give it to one in the register first.")
        self.stdout.write(f"{load(organ, timezone.now())} changed\n")
