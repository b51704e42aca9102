"""Search: the index of pairs knows the hour of receipt, so that the newest hits of a common word are found alone."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGinExtension
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations
from django.db.models import F, Func
from django.db.models.functions import TruncHour

from massline.time import SHANGHAI
from petitions.search_index import Folded


class Bigrams(Func):
    """As it was called when this was written."""

    function = "petitions_bigrams"
    output_field = SearchVectorField()


class Migration(migrations.Migration):
    dependencies = [("petitions", "0009_attachments")]
    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex("petition", "petition_bigrams"),
        migrations.AddIndex(
            "petition",
            GinIndex(
                Bigrams(Folded(F("title"), F("body"), F("place"), F("wish"))),
                TruncHour(F("received_at"), tzinfo=SHANGHAI),
                name="petition_bigrams",
                fastupdate=False,
            ),
        ),
        # Most pairs are rare: the planner should know more than the thousand commonest of them.
        migrations.RunSQL("ALTER INDEX petition_bigrams ALTER COLUMN 1 SET STATISTICS 1000", migrations.RunSQL.noop),
    ]
