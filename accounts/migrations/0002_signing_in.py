"""Counts of failed sign-ins; and what a changed password ends."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users"), ("knox", "0009_extend_authtoken_field")]
    operations = [
        migrations.CreateModel(
            name="SignInCount",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("blocked_until", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["last_at"], name="sign_in_count_age")]},
        ),
        migrations.CreateModel(
            name="RefusedSignIns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")),
                ("quarter", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["user", "quarter"], name="refused_once_a_quarter")]
            },
        ),
        migrations.RunSQL(SQL),
    ]
