"""A unique constraint or another index begins with each of these columns already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0011_kept_with_the_filing"),
        ("responsibility", "0009_no_index_twice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="demand",
            name="handler",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="responsibility.post",
            ),
        ),
        migrations.AlterField(
            model_name="demand",
            name="organ",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
            ),
        ),
        migrations.AlterField(
            model_name="demand",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="demands",
                to="petitions.petition",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="demand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="petitions.demand",
            ),
        ),
        migrations.AlterField(
            model_name="rating",
            name="demand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ratings",
                to="petitions.demand",
            ),
        ),
    ]
