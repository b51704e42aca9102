"""The answer to a sender's key is kept in the filing's own transaction: no row is without one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0010_search_by_hour")]
    operations = [
        migrations.RunSQL("DELETE FROM petitions_idempotencykey WHERE answer IS NULL", migrations.RunSQL.noop),
        migrations.RemoveIndex("idempotencykey", "idempotency_age"),
        migrations.RenameField("idempotencykey", "started_at", "filed_at"),
        migrations.AlterField("idempotencykey", "answer", models.BinaryField()),
        migrations.AlterField(
            "idempotencykey",
            "petition",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="petitions.petition"),
        ),
        migrations.AddIndex("idempotencykey", models.Index(fields=["filed_at"], name="idempotency_age")),
    ]
