"""Filters that officials saved."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("records", "0004_creations")]
    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")),
                ("kind", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=1000)),
                ("salt", SaltField()),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=["user", "kind", "name"], name="one_filter_a_name"),
                    models.CheckConstraint(condition=~Q(kind=""), name="filter_of_a_kind"),
                ],
            },
        ),
        Watch("records_savedfilter", personal=["name", "query"]),
    ]
