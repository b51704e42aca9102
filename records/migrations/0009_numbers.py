"""The sequence that numbers of records are drawn from."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0008_seats")]

    operations = [migrations.RunSQL("CREATE SEQUENCE records_number", "DROP SEQUENCE records_number")]
