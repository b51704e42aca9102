"""What the database itself guarantees beyond constraints: the log's images."""

from django.db import migrations

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log"), ("petitions", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE petitions_number", "DROP SEQUENCE petitions_number"),
        Watch("petitions_petition", personal=["title", "body", "place", "wish"], secret=["tracking_hash"]),
        Watch(
            "petitions_petitioner",
            personal=[
                "name_sealed",
                "phone_sealed",
                "id_number_sealed",
                "email_sealed",
                "address_sealed",
                "name_hash",
                "phone_hash",
                "id_number_hash",
            ],
            secret=["key"],
        ),
        Watch("petitions_complained", personal=["name", "organ_name", "organ_id", "user_id"]),
        Watch("petitions_demand"),
        Watch("petitions_answer", personal=["text"]),
        Watch("petitions_entry", personal=["text"]),
        Watch("petitions_telling", personal=["text"]),
        Watch("petitions_rating", personal=["reason"]),
        Watch("petitions_namedreader"),
    ]
