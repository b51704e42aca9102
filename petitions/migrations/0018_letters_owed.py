"""A letter in the queue has a state, and something owed that is done when it is told.

What was closed by acceptance before stays closed, and letters that are in the queue now have no date: nobody is judged
by a period that did not run when the letter was made.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from audit.operations import Explain

STATES = (("waiting", "待告知"), ("told", "已告知"), ("cannot", "无法告知"))


def told_before(apps: Any, schema_editor: Any) -> None:
    """On a new database there is nothing to change, and nothing to explain."""
    told = apps.get_model("petitions", "Telling").objects.using(schema_editor.connection.alias).exclude(told_at=None)
    if told.exists():
        Explain("petitions_telling").database_forwards("petitions", schema_editor, None, None)
        told.update(state="told")


class Migration(migrations.Migration):
    dependencies = [("petitions", "0017_names_of_the_day"), ("responsibility", "0017_items")]
    operations = [
        migrations.AddField(
            "telling",
            "state",
            models.CharField(max_length=8, choices=STATES, default="waiting", db_default="waiting"),
        ),
        migrations.RunPython(told_before, migrations.RunPython.noop),
        migrations.AddField(
            "telling",
            "owed",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="responsibility.obligation",
            ),
        ),
        migrations.RemoveIndex("telling", "telling_queue"),
        migrations.AddIndex(
            "telling",
            models.Index(fields=["office", "made_at"], condition=Q(state="waiting"), name="telling_queue"),
        ),
        migrations.AddConstraint(
            "telling",
            models.CheckConstraint(condition=Q(state__in=["waiting", "told", "cannot"]), name="telling_state"),
        ),
        migrations.AddConstraint(
            "telling",
            models.CheckConstraint(
                condition=Q(state="told", told_at__isnull=False) | (~Q(state="told") & Q(told_at=None)),
                name="told_has_its_moment",
            ),
        ),
    ]
