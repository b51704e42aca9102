"""A request that created a record keeps a hash of what was sent, so that its key is refused for anything else."""

from django.db import migrations, models

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("records", "0011_withdrawn_proposals")]

    operations = [
        migrations.AddField("creation", "sent", models.BinaryField(null=True)),
        Watch("records_creation", secret=["request", "sent"], was=Watch("records_creation", secret=["request"])),
    ]
