"""The table of the texts that came with acts; petitions' migration 0025 has made it of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.columns


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0025_texts_to_records"),
        ("records", "0001_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ActText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_kind", models.CharField(max_length=32)),
                        ("subject_id", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=32)),
                        ("act", models.CharField(max_length=24)),
                        ("event_id", models.BigIntegerField()),
                        ("public", models.BooleanField(default=False)),
                        ("text", models.TextField()),
                        ("written_at", models.DateTimeField()),
                        ("salt", audit.columns.SaltField()),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_kind", "subject_id"], name="act_text_subject"),
                            models.Index(fields=["event_id"], name="act_text_event"),
                        ],
                    },
                ),
            ]
        )
    ]
