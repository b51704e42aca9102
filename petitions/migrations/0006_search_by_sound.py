"""The index by which petitions are found by the pinyin of their titles (petitions/models/search_index.py)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import F
from django.db.models.functions import TruncHour

from massline.time import SHANGHAI
from records.search_index import Sounds


class Migration(migrations.Migration):
    dependencies = [("petitions", "0005_unclassified"), ("records", "0013_search_by_sound")]
    operations = [
        migrations.AddIndex(
            "petition",
            GinIndex(
                Sounds(F("title")),
                TruncHour(F("received_at"), tzinfo=SHANGHAI),
                name="petition_sounds",
                fastupdate=False,
            ),
        ),
        migrations.RunSQL("ALTER INDEX petition_sounds ALTER COLUMN 1 SET STATISTICS 1000"),
    ]
