"""The texts that came with acts."""

from django.conf import settings
from django.db import migrations, models

from audit.columns import SaltField
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("records", "0001_links")]
    operations = [
        migrations.CreateModel(
            name="ActText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("act", models.CharField(max_length=24)),
                ("event_id", models.BigIntegerField()),
                ("public", models.BooleanField(default=False)),
                ("text", models.TextField()),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("written_at", models.DateTimeField()),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="act_text_subject"),
                    models.Index(fields=["event_id"], name="act_text_event"),
                ]
            },
        ),
        Watch("records_acttext", personal=["text"]),
    ]
