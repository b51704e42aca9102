"""What citizens think of how their matter was handled."""

from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("citizens", "0003_notifications")]
    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("object", models.CharField(max_length=16)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("rated_at", models.DateTimeField()),
                ("salt", SaltField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["subject_kind", "subject_id", "object"], name="one_rating_an_object"
                    ),
                    models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_1_to_5"),
                ]
            },
        ),
        Watch("citizens_rating", personal=["reason"]),
    ]
