"""An organ that was dissolved says which one has taken over what it did."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0021_duties")]

    operations = [
        migrations.AddField(
            model_name="organ",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="responsibility.organ",
            ),
        ),
        migrations.AddConstraint(
            model_name="organ",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("id")), _negated=True), name="organ_not_its_own_successor"
            ),
        ),
        migrations.AddConstraint(
            model_name="organ",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", None), ("valid_until__isnull", False), _connector="OR"),
                name="successor_of_an_ended_organ",
            ),
        ),
    ]
