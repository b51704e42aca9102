from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction


@shared_task
def ensure_partitions() -> int:
    """Makes the log's next partitions before they are needed; daily by beat. Harmless to run twice."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_ensure_partitions()")
        return int(cursor.fetchone()[0])
