"""Files say which organ added them; of those that are there the log knows it."""

from django.db import migrations, models

from audit.operations import Explain

FROM_THE_LOG = """
UPDATE records_attachment a SET organ_name = left(e.facts ->> 'by', 64)
FROM audit_row r JOIN audit_event e ON e.id = r.event_id
WHERE a.added_by_id IS NOT NULL AND e.facts ? 'by'
  AND r.table_name = 'records_attachment' AND r.row_key = a.id::text AND r.op = 'I'
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_third_party"), ("records", "0009_proposals")]
    operations = [
        migrations.AddField(
            "attachment", "organ_name", models.CharField(max_length=64, blank=True, default="", db_default="")
        ),
        Explain("records_attachment"),
        migrations.RunSQL(FROM_THE_LOG, migrations.RunSQL.noop),
    ]
