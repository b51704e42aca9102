"""Who petitions, who represents others, and who is complained about."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
WAIES = [("sms", "短信"), ("phone", "电话"), ("email", "电子邮件"), ("letter", "书面信函")]
KINDS = [("organ", "单位"), ("person", "个人")]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_search")]
    operations = [
        migrations.CreateModel(
            name="Petitioner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("petition", models.OneToOneField("petitions.petition", models.PROTECT, related_name="petitioner")),
                ("key", models.BinaryField(null=True)),
                ("name_sealed", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("id_number_sealed", models.BinaryField(null=True)),
                ("email_sealed", models.BinaryField(null=True)),
                ("address_sealed", models.BinaryField(null=True)),
                ("name_hash", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("id_number_hash", models.BinaryField(null=True)),
                ("tell_by", models.CharField(choices=WAIES, max_length=8)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name_hash"], condition=Q(name_hash__isnull=False), name="petitioner_name"),
                    models.Index(fields=["phone_hash"], condition=Q(phone_hash__isnull=False), name="petitioner_phone"),
                    models.Index(
                        fields=["id_number_hash"],
                        condition=Q(id_number_hash__isnull=False),
                        name="petitioner_id_number",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(tell_by__in=[code for code, _ in WAIES]), name="petitioner_tell_by"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("petition", models.ForeignKey("petitions.petition", models.PROTECT, related_name="representatives")),
                ("seq", models.PositiveSmallIntegerField()),
                ("key", models.BinaryField(null=True)),
                ("name_sealed", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("name_hash", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["name_hash"], condition=Q(name_hash__isnull=False), name="representative_name"
                    ),
                    models.Index(
                        fields=["phone_hash"], condition=Q(phone_hash__isnull=False), name="representative_phone"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["petition", "seq"], name="representative_once"),
                    models.CheckConstraint(condition=Q(seq__range=(2, 5)), name="at_most_five_representatives"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complained",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("petition", models.ForeignKey("petitions.petition", models.PROTECT, related_name="complained")),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("name", models.CharField(max_length=64)),
                ("organ_name", models.CharField(max_length=64, blank=True)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, null=True, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [models.Index(fields=["user"], condition=Q(user__isnull=False), name="complained_user")],
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=["organ", "person"]), name="complained_kind")
                ],
            },
        ),
        migrations.RunSQL(SQL),
        Watch(
            "petitions_petitioner",
            personal=[
                "name_sealed",
                "phone_sealed",
                "id_number_sealed",
                "email_sealed",
                "address_sealed",
                "name_hash",
                "phone_hash",
                "id_number_hash",
            ],
            secret=["key"],
        ),
        Watch(
            "petitions_representative",
            personal=["name_sealed", "phone_sealed", "name_hash", "phone_hash"],
            secret=["key"],
        ),
        Watch("petitions_complained", personal=["name", "organ_name", "organ_id", "user_id"]),
    ]
