"""Regulations (制度) and their texts."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import audit.columns
import responsibility.models.organs
from audit.operations import Watch
from records.operations import keep_versions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("records", "0014_spills"),
        ("responsibility", "0010_english_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Regulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=6)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "起草中"),
                            ("in_force", "现行有效"),
                            ("repealed", "已废止"),
                            ("lapsed", "已失效"),
                            ("dropped", "不再制定"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative", "规范性文件"),
                            ("party", "党内规范性文件"),
                            ("internal", "内部制度"),
                            ("external", "上位法"),
                        ],
                        max_length=12,
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=60)),
                ("issuer", models.CharField(blank=True, max_length=100)),
                (
                    "powers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("people", "人"), ("money", "财"), ("things", "物")], max_length=8
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("is_hot_spot", models.BooleanField(default=False)),
                ("accountability", models.CharField(blank=True, max_length=20)),
                ("safeguards", models.TextField(blank=True)),
                (
                    "enforced_by",
                    models.CharField(
                        choices=[("clock", "有期限提醒"), ("check", "有定期检查"), ("none", "还没有")],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("implements_due", models.DateField(null=True)),
                ("in_force_from", models.DateField(null=True)),
                ("expires", models.DateField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "accountable_organ",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegulationText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=6)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("edition", models.PositiveIntegerField()),
                ("articles", models.JSONField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草"),
                            ("commenting", "公开征求意见"),
                            ("checking", "合法性审核"),
                            ("checked", "已审核，待集体讨论决定"),
                            ("adopted", "已通过，待公布"),
                            ("promulgated", "已公布"),
                            ("rejected", "未通过"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=60)),
                ("keys_confirmed", models.BooleanField(default=False)),
                ("comment_days", models.PositiveSmallIntegerField(null=True)),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="institutions.regulation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="regulation",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="regulation_list",
            ),
        ),
        migrations.AddIndex(
            model_name="regulation",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="regulation_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="regulation",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="regulation_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="regulation",
            index=models.Index(fields=["-received_at", "-id"], name="regulation_received"),
        ),
        migrations.AddIndex(
            model_name="regulation",
            index=models.Index(
                condition=models.Q(("state", "in_force")), fields=["expires"], name="regulation_expiring"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="regulation_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="regulation_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document_number", ""), _negated=True),
                fields=("organ", "document_number"),
                name="regulation_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "in_force", "repealed", "lapsed", "dropped"])),
                name="regulation_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["rule", "normative", "party", "internal", "external"])),
                name="regulation_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("powers__contained_by", ["people", "money", "things"])), name="regulation_powers"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("enforced_by__in", ["clock", "check", "none"])), name="regulation_enforced_by"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", models.F("supervisor")), _negated=True),
                name="regulation_owner_is_not_supervisor",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accountability__regex", "^(第[〇零一二三四五六七八九十百千]+条)?$")),
                name="regulation_accountability",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_force"), _negated=True),
                    ("kind", "external"),
                    models.Q(
                        ("accountable_organ__isnull", False),
                        ("owner__isnull", False),
                        ("supervisor__isnull", False),
                        models.Q(("accountability", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="regulation_has_all_three",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "external"),
                    models.Q(("in_force_from", None), ("state__in", ["proposed", "dropped"])),
                    models.Q(("in_force_from__isnull", False), ("state__in", ["in_force", "repealed", "lapsed"])),
                    _connector="OR",
                ),
                name="regulation_in_force_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires__gte", models.F("in_force_from"))), name="regulation_expires_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "external"), models.Q(("issuer", ""), _negated=True)),
                    models.Q(models.Q(("kind", "external"), _negated=True), ("issuer", "")),
                    _connector="OR",
                ),
                name="regulation_issuer",
            ),
        ),
        migrations.AddIndex(
            model_name="regulationtext",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="regulationtext_list",
            ),
        ),
        migrations.AddIndex(
            model_name="regulationtext",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="regulationtext_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="regulationtext",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="regulationtext_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="regulationtext",
            index=models.Index(fields=["-received_at", "-id"], name="regulationtext_received"),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="regulationtext_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="regulationtext_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.UniqueConstraint(fields=("regulation", "edition"), name="text_edition"),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["adopted", "checked", "checking", "commenting", "draft"])),
                fields=("regulation",),
                name="text_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("since__isnull", False)),
                expressions=[("regulation", "="), (responsibility.models.organs.DateRange("since", "until"), "&&")],
                name="text_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"), name="text_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", ""), ("since", None), ("until", None)),
                    models.Q(
                        ("since__isnull", False),
                        models.Q(("digest", ""), _negated=True),
                        models.Q(
                            ("state__in", ["adopted", "checked", "checking", "commenting", "draft"]), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="text_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document_number", ""), _negated=True),
                fields=("organ", "document_number"),
                name="text_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "commenting", "checking", "checked", "adopted", "promulgated", "rejected"])
                ),
                name="text_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("since__isnull", False), ("state", "promulgated")),
                    models.Q(models.Q(("state", "promulgated"), _negated=True), ("since", None)),
                    _connector="OR",
                ),
                name="text_promulgated",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulationtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("keys_confirmed", True), ("state__in", ["draft", "rejected"]), _connector="OR"),
                name="text_keys_confirmed",
            ),
        ),
        keep_versions("institutions_regulationtext", ["opened_at", "strict_at", "due_at"]),
        Watch("institutions_regulation", personal=["title", "safeguards"]),
        Watch("institutions_regulationtext", personal=["articles"]),
    ]
