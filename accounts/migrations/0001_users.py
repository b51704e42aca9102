"""People who sign in."""

from django.db import migrations, models
from django.db.models import Q

from audit.operations import Watch

KINDS = [
    ("official", "工作人员"),
    ("inspector", "督查专员"),
    ("auditor", "审计员"),
    ("sysadmin", "系统管理员"),
    ("secadmin", "安全管理员"),
    ("auditadmin", "审计管理员"),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0003_watching")]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(verbose_name="password", max_length=128)),
                ("last_login", models.DateTimeField(verbose_name="last login", blank=True, null=True)),
                ("username", models.CharField(verbose_name="用户名", max_length=64, unique=True)),
                ("name", models.CharField(verbose_name="姓名", max_length=64)),
                ("kind", models.CharField(choices=KINDS, max_length=16, default="official")),
                ("is_active", models.BooleanField(default=True)),
                ("must_change_password", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=[code for code, _ in KINDS]), name="user_kind")
                ]
            },
        ),
        Watch("accounts_user", secret=["password"]),
    ]
