"""A proposal can be withdrawn by its proposer, and by nobody else."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_proposals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("proposal", "proposal_state"),
        migrations.RemoveConstraint("proposal", "proposal_decided_by_another"),
        migrations.AlterField(
            "proposal",
            "state",
            models.CharField(
                choices=[
                    ("open", "待决定"),
                    ("taken", "已采纳"),
                    ("declined", "未采纳"),
                    ("withdrawn", "已撤回"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken", "declined", "withdrawn"]), name="proposal_state"
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                condition=Q(state="withdrawn", decided_by=F("made_by"))
                | ~Q(state="withdrawn") & (Q(decided_by=None) | ~Q(decided_by=F("made_by"))),
                name="proposal_decided_by_another",
            ),
        ),
    ]
