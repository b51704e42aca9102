"""Counts of failed sign-ins; and a changed password (or an account that is closed) ends every token of the account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

END_TOKENS = """
CREATE FUNCTION accounts_end_tokens() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.knox_authtoken WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_end_tokens AFTER UPDATE OF password, is_active ON accounts_user FOR EACH ROW
WHEN (OLD.password IS DISTINCT FROM NEW.password OR (OLD.is_active AND NOT NEW.is_active))
EXECUTE FUNCTION accounts_end_tokens();
"""
UNDO = "DROP TRIGGER accounts_end_tokens ON accounts_user; DROP FUNCTION accounts_end_tokens();"
# The package that counted attempts before is no longer used.
DROP_AXES = """
DROP TABLE IF EXISTS axes_accessattemptexpiration, axes_accessattempt, axes_accessfailurelog, axes_accesslog CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guards"), ("knox", "0009_extend_authtoken_field")]
    operations = [
        migrations.CreateModel(
            name="SignInCount",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("blocked_until", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["last_at"], name="sign_in_count_age")]},
        ),
        migrations.CreateModel(
            name="RefusedSignIns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "quarter"), name="refused_once_a_quarter")]
            },
        ),
        migrations.RunSQL(END_TOKENS, UNDO),
        migrations.RunSQL(DROP_AXES, migrations.RunSQL.noop),
    ]
