"""What the database itself guarantees beyond constraints: the log's images."""

from django.db import migrations

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log"), ("accounts", "0001_initial"), ("knox", "0009_extend_authtoken_field")]
    operations = [
        Watch("accounts_user", secret=["password"]),
        # Tokens of the REST interface: the log keeps that one was made or revoked, never the token.
        Watch("knox_authtoken", secret=["digest", "token_key"], key="digest"),
    ]
