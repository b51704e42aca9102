"""The log's two tables, which only grow."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from audit.models import TransactionIdField

SQL = Path(__file__).with_suffix(".sql").read_text()
OPS = [("I", "新增"), ("U", "修改"), ("D", "删除"), ("B", "起始留底")]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(SQL),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("txid", TransactionIdField()),
                ("session_user_name", models.TextField()),
                ("client_addr", models.GenericIPAddressField(null=True)),
            ],
            options={"db_table": "audit_event", "ordering": ["-id"], "managed": False},
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        "audit.auditevent", models.DO_NOTHING, null=True, related_name="rows", db_constraint=False
                    ),
                ),
                ("table_name", models.TextField()),
                ("row_key", models.TextField()),
                ("op", models.CharField(choices=OPS, max_length=1)),
                ("image", models.JSONField()),
                ("was", models.JSONField(null=True)),
                ("secrets", ArrayField(null=True, base_field=models.TextField(), size=None)),
                ("actor", models.TextField(null=True)),
                ("at", models.DateTimeField()),
                ("txid", TransactionIdField()),
                ("session_user_name", models.TextField()),
                ("client_addr", models.GenericIPAddressField(null=True)),
            ],
            options={"db_table": "audit_row", "ordering": ["-id"], "managed": False},
        ),
    ]
