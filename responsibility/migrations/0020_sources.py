"""A message says whose record it tells of, so that several mechanisms share one outbox."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from audit.operations import Explain


def petitions_were_the_only_source(apps: Any, schema_editor: Any) -> None:
    """On a new database there is nothing to change, and nothing to explain."""
    messages = apps.get_model("responsibility", "Message").objects.using(schema_editor.connection.alias)
    if messages.filter(purpose="telling").exists():
        Explain("responsibility_message").database_forwards("responsibility", schema_editor, None, None)
        messages.filter(purpose="telling").update(source="petition")


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0019_edition")]
    operations = [
        migrations.AddField(
            "message", "source", models.CharField(max_length=32, blank=True, default="", db_default="")
        ),
        migrations.AlterField(
            "message",
            "purpose",
            models.CharField(
                max_length=8, choices=[("notice", "即时通知"), ("digest", "每日摘要"), ("telling", "告知")]
            ),
        ),
        migrations.RemoveConstraint("message", "sent_once_a_telling"),
        migrations.RunPython(petitions_were_the_only_source, migrations.RunPython.noop),
        migrations.AddConstraint(
            "message", models.UniqueConstraint(fields=["source", "telling"], name="sent_once_a_telling")
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=Q(purpose="telling") & ~Q(source="") | ~Q(purpose="telling") & Q(source=""),
                name="only_tellings_have_a_source",
            ),
        ),
    ]
