"""Letters hold the day on which they were served (送达日期). What was told by telephone or message reached the citizen on
that day; when a letter that was sent by post did is not known."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import TruncDate

from audit.operations import Explain
from massline.time import SHANGHAI

SERVED_WHEN_TOLD = """
UPDATE citizens_citizennotification
SET served_on = (told_at AT TIME ZONE 'Asia/Shanghai')::date, served_noted_at = told_at
WHERE told_at >= made_at AND told_how <> 'letter'
"""


class Migration(migrations.Migration):
    dependencies = [("citizens", "0005_folded_names")]
    operations = [
        migrations.AddField("citizennotification", "served_on", models.DateField(null=True)),
        migrations.AddField("citizennotification", "served_noted_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "citizennotification",
            models.CheckConstraint(
                condition=Q(served_on=None, served_noted_at=None)
                | Q(
                    told_at__isnull=False,
                    served_on__isnull=False,
                    served_noted_at__isnull=False,
                    served_on__gte=TruncDate("made_at", tzinfo=SHANGHAI),
                    served_on__lte=TruncDate("served_noted_at", tzinfo=SHANGHAI),
                ),
                name="served_after_it_was_made",
            ),
        ),
        migrations.AddIndex(
            "citizennotification",
            models.Index(
                fields=["office", "told_at"],
                condition=Q(state="told", served_on=None),
                name="notification_unserved",
            ),
        ),
        Explain("citizens_citizennotification"),
        migrations.RunSQL(SERVED_WHEN_TOLD, migrations.RunSQL.noop),
    ]
