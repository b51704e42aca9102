from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "audit"
    routines = ("audit_record", "audit_ensure_partitions", "audit_image", "audit_watched")
    """The last two by `audit verify`."""

    def ready(self) -> None:
        from audit.execute_wrapper import install
        from massline import keys

        keys.register(self.label, "event")
        connection_created.connect(install, dispatch_uid="audit.execute_wrapper")
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="audit.after_migrate")


def after_migrate(using: str, **kwargs: Any) -> None:
    """Makes the log's next partitions, new images for tables whose columns a migration changed, and the role's rights.

    Only the owner may.
    """
    from audit.rights import grant

    connection = connections[using]
    role = settings.DATABASES["default"]["USER"]
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'audit_row'")
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT audit_ensure_partitions()")
            cursor.execute("SELECT audit_baseline(rel) FROM audit_watched()")
            grant(cursor, role, connection.ops.quote_name(role))
