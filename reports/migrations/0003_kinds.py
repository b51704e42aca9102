from django.db import migrations, models

OF_PETITIONS = "UPDATE reports_export SET kind = 'petition' WHERE filter <> '{}'"
"""Until now every filter was one of the ledger. The table keeps jobs, and no trigger watches it."""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_erasure")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.RunSQL(OF_PETITIONS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="export", name="export_what"),
        migrations.AlterField(model_name="export", name="what", field=models.CharField(max_length=32)),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__regex", "^[a-z][a-z_]*$")), name="export_what"
            ),
        ),
    ]
