"""Limits an act of citizens to once a day, so that one press a day is heard and the inbox is not buried."""

from datetime import timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audit.models import AuditEvent
from massline.acts import Act, Doing, NotYet
from massline.time import local_day, long_form


class OnceADay(Act):
    """An act that a citizen does once in each calendar day of Shanghai."""

    def check(self, doing: Doing) -> None:
        super().check(doing)
        day, matter = local_day(doing.at), doing.record.matter
        about = AuditEvent.objects.filter(subject_kind=matter.kind, subject_key=matter.key, facts__act=self.slug)
        last = about.order_by("-id").values_list("facts__at", flat=True).first()
        done_at = parse_datetime(last) if last else None
        if done_at is not None and local_day(done_at) == day:
            words = {"act": self.label, "day": long_form(day + timedelta(days=1))}
            raise NotYet(_("今天已经%(act)s过一次，%(day)s起可以再次%(act)s。") % words)
