"""What citizens filed, and who represents others."""

from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

WAIES = [("sms", "短信"), ("phone", "电话"), ("email", "电子邮件"), ("letter", "书面信函")]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0003_watching")]
    operations = [
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("code_hash", models.BinaryField(unique=True, null=True)),
                ("tell_by", models.CharField(choices=WAIES, max_length=8)),
                ("key", models.BinaryField(null=True)),
                ("name_sealed", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("id_number_sealed", models.BinaryField(null=True)),
                ("email_sealed", models.BinaryField(null=True)),
                ("address_sealed", models.BinaryField(null=True)),
                ("name_hash", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("id_number_hash", models.BinaryField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name_hash"], condition=Q(name_hash__isnull=False), name="filing_name"),
                    models.Index(fields=["phone_hash"], condition=Q(phone_hash__isnull=False), name="filing_phone"),
                    models.Index(
                        fields=["id_number_hash"], condition=Q(id_number_hash__isnull=False), name="filing_id_number"
                    ),
                    models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="filing_erased"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(tell_by__in=[code for code, _ in WAIES]), name="filing_tell_by")
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filing", models.ForeignKey("citizens.filing", models.PROTECT, related_name="representatives")),
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
                    models.UniqueConstraint(fields=["filing", "seq"], name="representative_once"),
                    models.CheckConstraint(condition=Q(seq__range=(2, 5)), name="at_most_five_representatives"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.BinaryField(unique=True)),
                ("body_hash", models.BinaryField()),
                ("filed_at", models.DateTimeField()),
                ("filing", models.ForeignKey("citizens.filing", models.CASCADE, related_name="+")),
                ("answer", models.BinaryField()),
            ],
            options={"indexes": [models.Index(fields=["filed_at"], name="idempotency_age")]},
        ),
        Watch(
            "citizens_filing",
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
            secret=["key", "code_hash"],
        ),
        Watch(
            "citizens_representative",
            personal=["name_sealed", "phone_sealed", "name_hash", "phone_hash"],
            secret=["key"],
        ),
    ]
