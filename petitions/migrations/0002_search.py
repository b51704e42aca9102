"""The indexes that searching petitions goes by (petitions/models/search_index.py)."""

from pathlib import Path

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Reverse, TruncHour

from massline.time import SHANGHAI
from petitions.models.search_index import Folded
from records.search_index import Bigrams

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_petitions"), ("records", "0006_search")]
    operations = [
        migrations.RunSQL(SQL),
        migrations.AddIndex(
            "petition",
            GinIndex(
                Bigrams(Folded(F("title"), F("body"), F("place"), F("wish"))),
                TruncHour(F("received_at"), tzinfo=SHANGHAI),
                name="petition_bigrams",
                fastupdate=False,
            ),
        ),
        migrations.AddIndex(
            "petition", models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="petition_last_digits")
        ),
        migrations.AddIndex("petition", models.Index(fields=["received_at"], name="petition_received")),
        # Most pairs are rare: the planner should know more than the thousand commonest of them.
        migrations.RunSQL("ALTER INDEX petition_bigrams ALTER COLUMN 1 SET STATISTICS 1000"),
    ]
