from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0004_steps")]
    operations = [
        migrations.AddIndex("obligation", models.Index(fields=["rule", "due_at"], name="obligation_cohort")),
        migrations.AddIndex(
            "obligation",
            models.Index(
                fields=["rule", "closed_at"], condition=models.Q(closed_at__isnull=False), name="obligation_done"
            ),
        ),
    ]
