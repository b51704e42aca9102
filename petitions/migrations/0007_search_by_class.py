"""The index by which petitions are found by their class, the newest first (records/search.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0006_search_by_sound"), ("responsibility", "0010_english_names")]
    operations = [
        migrations.AddIndex("demand", models.Index(fields=["category", "received_at"], name="demand_of_class")),
    ]
