"""The files that were added to records become a table that all kinds share.

A file belongs to what has states and dates, as texts and obligations do, and no more to the petition as it came in.
"""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from audit.operations import Explain, Watch

PERSONAL, SECRET = ["name", "sha256"], ["stored"]
OLD = Watch("petitions_attachment", personal=PERSONAL, secret=SECRET)
NEW = Watch("records_attachment", personal=PERSONAL, secret=SECRET)
SUBJECTS = """
UPDATE petitions_attachment SET subject_id =
    (SELECT min(id) FROM petitions_demand WHERE petition_id = petitions_attachment.petition_id)
"""
PETITIONS = """
UPDATE petitions_attachment SET petition_id = (SELECT petition_id FROM petitions_demand WHERE id = subject_id)
"""
NAMES = """
ALTER SEQUENCE petitions_attachment_id_seq RENAME TO records_attachment_id_seq;
ALTER INDEX petitions_attachment_pkey RENAME TO records_attachment_pkey
"""
NAMES_OF_BEFORE = """
ALTER SEQUENCE records_attachment_id_seq RENAME TO petitions_attachment_id_seq;
ALTER INDEX records_attachment_pkey RENAME TO petitions_attachment_pkey
"""


def explained(statement: str) -> Callable[[Any, Any], None]:
    """Changes rows after the event that says so, whichever way the migration goes."""

    def run(apps: Any, schema_editor: Any) -> None:
        Explain("petitions_attachment").database_forwards("petitions", schema_editor, None, None)
        schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("petitions", "0025_texts_to_records"), ("records", "0002_texts")]
    operations = [
        migrations.AddField("attachment", "subject_id", models.BigIntegerField(null=True)),
        migrations.AlterField(
            "attachment",
            "petition",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="petitions.petition",
            ),
        ),
        migrations.RunPython(explained(SUBJECTS), explained(PETITIONS)),
        migrations.AlterField("attachment", "subject_id", models.BigIntegerField()),
        migrations.RemoveField("attachment", "petition"),
        migrations.AddField(
            "attachment", "subject_kind", models.CharField(max_length=32, default="petition"), preserve_default=False
        ),
        migrations.RunSQL([*OLD.undo()], [*OLD.statements()]),
        migrations.AlterModelTable("attachment", "records_attachment"),
        migrations.RunSQL(NAMES, NAMES_OF_BEFORE),
        NEW,
        migrations.AddIndex(
            "attachment", models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Attachment")]),
    ]
