"""A letter that nobody told yet may be recalled."""

from django.db import migrations, models
from django.db.models import Q

STATES = (("waiting", "待告知"), ("told", "已告知"), ("cannot", "无法告知"), ("recalled", "已撤下"))


class Migration(migrations.Migration):
    dependencies = [("petitions", "0019_postmark")]
    operations = [
        migrations.RemoveConstraint("telling", "telling_state"),
        migrations.AlterField(
            "telling",
            "state",
            models.CharField(max_length=8, choices=STATES, default="waiting", db_default="waiting"),
        ),
        migrations.AddConstraint(
            "telling",
            models.CheckConstraint(condition=Q(state__in=[code for code, _name in STATES]), name="telling_state"),
        ),
    ]
