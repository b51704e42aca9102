"""Files that wait to be judged, and those of which nothing was kept."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0014_fixed_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="attachment",
            name="attachment_kind",
        ),
        migrations.RemoveConstraint(
            model_name="attachment",
            name="attachment_scan",
        ),
        migrations.RemoveIndex(
            model_name="attachment",
            name="attachment_waiting",
        ),
        migrations.AddField(
            model_name="attachment",
            name="refusal",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("jpeg", "照片"),
                    ("png", "图片"),
                    ("pdf", "PDF 文件"),
                    ("text", "文本文件"),
                    ("docx", "Word 文档"),
                    ("xlsx", "Excel 表格"),
                    ("unknown", "尚未检查"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="scan",
            field=models.CharField(
                choices=[
                    ("queued", "正在检查"),
                    ("refused", "没有收下"),
                    ("clean", "已查毒"),
                    ("none", "未经病毒扫描"),
                    ("waiting", "等待病毒扫描"),
                    ("infected", "发现病毒，已隔离"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("scan__in", ["queued", "waiting"])), fields=["id"], name="attachment_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["jpeg", "png", "pdf", "text", "docx", "xlsx", "unknown"])),
                name="attachment_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["queued", "refused", "clean", "none", "waiting", "infected"])),
                name="attachment_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "unknown"), _negated=True), ("scan__in", ["queued", "refused"]), _connector="OR"
                ),
                name="attachment_judged_before_served",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan", "refused"), ("refusal", ""), _connector="XOR"),
                name="attachment_refused_with_a_reason",
            ),
        ),
    ]
