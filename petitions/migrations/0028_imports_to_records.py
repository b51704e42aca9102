"""Imports, the rows that they brought and those that stayed outside become tables that every kind shares.

What a row became belongs to what has states and dates, as files do, and no more to the petition as it came in.
"""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from audit.operations import Explain, Watch

FROM, REJECT = ["source_key", "digest"], ["reasons", "cells"]
OLD = (Watch("petitions_importedfrom", FROM), Watch("petitions_importreject", REJECT))
NEW = (Watch("records_importedfrom", FROM), Watch("records_importreject", REJECT))
SUBJECTS = """
UPDATE petitions_importedfrom SET subject_id =
    (SELECT min(id) FROM petitions_demand WHERE petition_id = petitions_importedfrom.petition_id)
"""
PETITIONS = """
UPDATE petitions_importedfrom SET petition_id = (SELECT petition_id FROM petitions_demand WHERE id = subject_id)
"""
TABLES = ("import", "importedfrom", "importreject")


def explained(statement: str) -> Callable[[Any, Any], None]:
    """Changes rows after the event that says so, whichever way the migration goes."""

    def run(apps: Any, schema_editor: Any) -> None:
        Explain("petitions_importedfrom").database_forwards("petitions", schema_editor, None, None)
        schema_editor.execute(statement)

    return run


def renamed(old: str, new: str) -> list[str]:
    return [
        statement
        for table in TABLES
        for statement in (
            f"ALTER SEQUENCE {old}_{table}_id_seq RENAME TO {new}_{table}_id_seq",
            f"ALTER INDEX {old}_{table}_pkey RENAME TO {new}_{table}_pkey",
        )
    ]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0027_filters_to_records"), ("records", "0005_saved_filters")]
    operations = [
        migrations.AddField(
            "import", "kind", models.CharField(max_length=32, default="petition"), preserve_default=False
        ),
        migrations.RemoveIndex("import", "import_list"),
        migrations.AddField("importedfrom", "subject_id", models.BigIntegerField(null=True)),
        migrations.AlterField(
            "importedfrom",
            "petition",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imported_from",
                to="petitions.petition",
            ),
        ),
        migrations.RunPython(explained(SUBJECTS), explained(PETITIONS)),
        migrations.AlterField("importedfrom", "subject_id", models.BigIntegerField()),
        migrations.RemoveField("importedfrom", "petition"),
        migrations.AddField(
            "importedfrom", "subject_kind", models.CharField(max_length=32, default="petition"), preserve_default=False
        ),
        migrations.RemoveConstraint("importedfrom", "imported_once"),
        *(migrations.RunSQL([*watch.undo()], [*watch.statements()]) for watch in OLD),
        *(migrations.AlterModelTable(table, f"records_{table}") for table in TABLES),
        migrations.RunSQL([*renamed("petitions", "records")], [*renamed("records", "petitions")]),
        *NEW,
        migrations.AddIndex("import", models.Index(fields=["kind", "office", "-asked_at", "-id"], name="import_list")),
        migrations.AddConstraint(
            "importedfrom",
            models.UniqueConstraint(fields=["subject_kind", "source", "source_key"], name="imported_once"),
        ),
        migrations.AddConstraint(
            "importedfrom",
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="imported_from_one_row"),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name) for name in ("ImportReject", "ImportedFrom", "Import")]
        ),
    ]
