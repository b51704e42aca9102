"""A petition may be without a class until it is registered."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("petitions", "0004_transfers")]
    operations = [
        migrations.AlterField("demand", "category", models.CharField(blank=True, max_length=6)),
        migrations.RemoveConstraint("demand", "demand_category"),
        migrations.AddConstraint(
            "demand", models.CheckConstraint(condition=Q(category__regex=r"^(\d{6})?$"), name="demand_category")
        ),
        migrations.AddConstraint(
            "demand",
            models.CheckConstraint(
                condition=~Q(category="") | Q(state__in=["received", "withdrawn", "transferred"]),
                name="registered_has_a_class",
            ),
        ),
    ]
