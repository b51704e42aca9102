"""Several things may be owed about one record under one rule: each has its number."""

from django.db import migrations, models
from django.db.models import Q

ONCE = "owed_once"


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0016_names_of_the_day")]
    operations = [
        migrations.AddField("obligation", "item", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.RemoveConstraint("obligation", ONCE),
        migrations.AddConstraint(
            "obligation",
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "rule", "item"], condition=Q(closed_at=None), name=ONCE
            ),
        ),
    ]
