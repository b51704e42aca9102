"""Tables of other people's packages that the log watches (audit/watched.py)."""

from django.db import migrations

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_watching"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("knox", "0009_extend_authtoken_field"),
    ]
    operations = [
        Watch("auth_group"),
        Watch("auth_group_permissions"),
        Watch("knox_authtoken", secret=["token_key"], key="digest"),
    ]
