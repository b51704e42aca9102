"""What the database itself guarantees beyond constraints: the log's images."""

from django.db import migrations

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log"), ("accounts", "0001_initial")]
    operations = [
        Watch("accounts_user", secret=["password"]),
    ]
