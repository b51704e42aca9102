"""The post mark of a letter."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("petitions", "0018_letters_owed")]
    operations = [
        migrations.AddField("petition", "postmarked_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "petition",
            models.CheckConstraint(
                condition=Q(postmarked_on=None) | Q(channel="letter"), name="only_letters_have_a_postmark"
            ),
        ),
    ]
