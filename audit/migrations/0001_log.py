"""The log's two tables, their functions and guards (0001_log.sql)."""

from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations, models

import audit.models

SQL = Path(__file__).with_name("0001_log.sql").read_text()
UNDO = """
DROP TABLE audit_row, audit_event CASCADE;
DROP FUNCTION audit_baseline, audit_watched, audit_record, audit_capture, audit_changed, audit_image, audit_ensure_partitions,
    audit_add_partition, audit_close, audit_refuse CASCADE;
"""


def open_to_application(apps: Any, schema_editor: Any) -> None:
    """The application reads the log, and writes it only through audit_record()."""
    user = settings.DATABASES["default"].get("USER")
    if not user:
        raise ImproperlyConfigured("DATABASE_URL must name the application's database role.")
    role = schema_editor.quote_name(user)
    schema_editor.execute(f"GRANT SELECT ON audit_event, audit_row TO {role}")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION audit_record, audit_ensure_partitions TO {role}")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.RunPython(open_to_application, migrations.RunPython.noop),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("public", models.BooleanField()),
                ("subject_kind", models.TextField()),
                ("subject_key", models.TextField()),
                ("actor_kind", models.TextField()),
                ("actor_key", models.TextField()),
                ("actor_label", models.TextField()),
                ("acted_for", models.TextField()),
                ("reason", models.TextField()),
                ("facts", models.JSONField()),
                ("request_id", models.TextField()),
                ("at", models.DateTimeField()),
                ("txid", audit.models.TransactionIdField()),
                ("session_user_name", models.TextField()),
                ("client_addr", models.GenericIPAddressField(null=True)),
            ],
            options={"db_table": "audit_event", "ordering": ["-id"], "managed": False},
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="rows",
                        to="audit.auditevent",
                    ),
                ),
                ("table_name", models.TextField()),
                ("row_key", models.TextField()),
                ("op", models.CharField(choices=audit.models.OPERATIONS, max_length=1)),
                ("image", models.JSONField()),
                ("was", models.JSONField(null=True)),
                ("secrets", ArrayField(models.TextField(), null=True)),
                ("actor", models.TextField(null=True)),
                ("at", models.DateTimeField()),
                ("txid", audit.models.TransactionIdField()),
                ("session_user_name", models.TextField()),
                ("client_addr", models.GenericIPAddressField(null=True)),
            ],
            options={"db_table": "audit_row", "ordering": ["-id"], "managed": False},
        ),
    ]
