"""Reads the obligations about one record for its page and REST."""

from typing import Any

from django.utils import timezone

from responsibility.presentation import ObligationRow, obligation_row


def obligations_of(record: Any) -> list[ObligationRow]:
    """Returns all obligations about a record, the open ones first."""
    now, rows = timezone.now(), sorted(record.owed, key=lambda o: o.closed_at is not None)
    words = {o.pk: record.orders[o.rule, o.item] for o in rows if (o.rule, o.item) in record.orders}
    return [obligation_row(o, now, steps=True, words=words) for o in rows]
