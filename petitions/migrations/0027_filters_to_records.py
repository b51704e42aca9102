"""Saved filters and the functions of the search become those of all kinds of record.

Indexes are bound to the functions themselves and not to their names, so none is made anew.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import TruncHour

from audit.operations import Watch
from massline.time import SHANGHAI
from petitions.search_index import Folded
from records.search_index import Bigrams

PERSONAL = ["name", "query"]
OLD, NEW = Watch("petitions_savedfilter", personal=PERSONAL), Watch("records_savedfilter", personal=PERSONAL)
NAMES = """
ALTER SEQUENCE petitions_savedfilter_id_seq RENAME TO records_savedfilter_id_seq;
ALTER INDEX petitions_savedfilter_pkey RENAME TO records_savedfilter_pkey;
ALTER FUNCTION petitions_bigrams(text) RENAME TO records_bigrams;
ALTER FUNCTION petitions_sought(text[]) RENAME TO records_search_query
"""
NAMES_OF_BEFORE = """
ALTER SEQUENCE records_savedfilter_id_seq RENAME TO petitions_savedfilter_id_seq;
ALTER INDEX records_savedfilter_pkey RENAME TO petitions_savedfilter_pkey;
ALTER FUNCTION records_bigrams(text) RENAME TO petitions_bigrams;
ALTER FUNCTION records_search_query(text[]) RENAME TO petitions_sought
"""
PAIRS = GinIndex(
    Bigrams(Folded(F("title"), F("body"), F("place"), F("wish"))),
    TruncHour(F("received_at"), tzinfo=SHANGHAI),
    name="petition_bigrams",
    fastupdate=False,
)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0026_files_to_records"), ("records", "0003_files")]
    operations = [
        migrations.AddField(
            "savedfilter", "kind", models.CharField(default="petition", max_length=32), preserve_default=False
        ),
        migrations.RunSQL([*OLD.undo()], [*OLD.statements()]),
        migrations.AlterModelTable("savedfilter", "records_savedfilter"),
        migrations.RunSQL(NAMES, NAMES_OF_BEFORE),
        NEW,
        migrations.RemoveConstraint("savedfilter", "one_filter_a_name"),
        migrations.AddConstraint(
            "savedfilter", models.UniqueConstraint(fields=["user", "kind", "name"], name="one_filter_a_name")
        ),
        migrations.AddConstraint(
            "savedfilter", models.CheckConstraint(condition=~models.Q(kind=""), name="filter_of_a_kind")
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("SavedFilter"),
                migrations.RemoveIndex("petition", "petition_bigrams"),
                migrations.AddIndex("petition", PAIRS),
            ]
        ),
    ]
