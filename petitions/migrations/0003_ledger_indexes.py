"""The ledger's order as an expression that is never empty: one index begins in the middle of it, with or without dates."""

from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce

PLACE = Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC)))
LEDGERS = {"ledger": (), "ledger_of_organ": ("organ",), "ledger_in_state": ("state",)}


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_guards")]
    operations = [
        migrations.RemoveIndex("demand", "demand_due"),
        migrations.RemoveIndex("demand", "demand_organ_due"),
        *(
            migrations.AddIndex("demand", models.Index(*whose, PLACE, "id", name=name))
            for name, whose in LEDGERS.items()
        ),
        migrations.AddIndex(
            "demand",
            models.Index("handler", PLACE, "id", condition=models.Q(handler__isnull=False), name="ledger_of_handler"),
        ),
        migrations.AddIndex(
            "demand",
            models.Index(fields=["office"], condition=models.Q(purpose="accusation"), name="accusations"),
        ),
    ]
