from django.db import migrations, models

from records.operations import keep_unlinked


class Migration(migrations.Migration):
    dependencies = [
        ("kinds", "0003_seats"),
    ]

    operations = [
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("box", models.UUIDField(db_index=True)),
                ("payload", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SlipCard",
            fields=[
                ("hash", models.BinaryField(primary_key=True, serialize=False)),
                ("box", models.UUIDField(db_index=True)),
                ("used", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        keep_unlinked("kinds_slip", "kinds_slipcard", length=64),
    ]
