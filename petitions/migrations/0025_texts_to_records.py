"""The texts that came with acts become a table that all kinds of record share.

Rows stay as they are; whose they are a kind and an id say, as of obligations.
"""

from django.db import migrations, models

from audit.operations import Watch

OLD, NEW = Watch("petitions_entry", personal=["text"]), Watch("records_acttext", personal=["text"])
NAMES = """
ALTER SEQUENCE petitions_entry_id_seq RENAME TO records_acttext_id_seq;
ALTER INDEX petitions_entry_pkey RENAME TO records_acttext_pkey
"""
NAMES_OF_BEFORE = """
ALTER SEQUENCE records_acttext_id_seq RENAME TO petitions_entry_id_seq;
ALTER INDEX records_acttext_pkey RENAME TO petitions_entry_pkey
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0024_notice_kinds")]
    operations = [
        migrations.RemoveConstraint("entry", "entry_kind"),
        migrations.RemoveIndex("entry", "entry_demand"),
        migrations.AlterField("entry", "kind", models.CharField(max_length=32)),
        migrations.RenameField("entry", "demand", "subject"),
        migrations.AlterField("entry", "subject", models.BigIntegerField(db_column="subject_id")),
        migrations.AddField(
            "entry", "subject_kind", models.CharField(max_length=32, default="petition"), preserve_default=False
        ),
        migrations.RunSQL([*OLD.undo()], [*OLD.statements()]),
        migrations.AlterModelTable("entry", "records_acttext"),
        migrations.RunSQL(NAMES, NAMES_OF_BEFORE),
        NEW,
        migrations.AddIndex("entry", models.Index(fields=["subject_kind", "subject"], name="act_text_subject")),
        migrations.AddIndex("entry", models.Index(fields=["event_id"], name="act_text_event")),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Entry")]),
    ]
