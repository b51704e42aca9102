"""Letters hold why the post returned them (退信): they wait to be told again."""

from django.db import migrations, models
from django.db.models import Q

WHY = [
    ("unknown", "原址查无此人"),
    ("moved", "迁移新址不明"),
    ("address", "地址欠详"),
    ("unclaimed", "逾期未领"),
    ("refused", "收件人拒收"),
    ("other", "其他"),
]


class Migration(migrations.Migration):
    dependencies = [("citizens", "0007_complained_in_any_writing")]
    operations = [
        migrations.AddField(
            "citizennotification",
            "returned",
            models.CharField(blank=True, choices=WHY, db_default="", max_length=12),
        ),
        migrations.AddConstraint(
            "citizennotification",
            models.CheckConstraint(
                condition=Q(returned__in=["", *(code for code, _name in WHY)]), name="notification_returned"
            ),
        ),
    ]
