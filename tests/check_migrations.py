"""`python -m tests.check_migrations`: fails when a model has no migration. Asks no database."""

import os
import warnings

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def main() -> None:
    import django
    from django.core.management import call_command

    warnings.simplefilter("ignore", RuntimeWarning)  # there is no database here, and none is needed
    django.setup()
    call_command("check", fail_level="WARNING", verbosity=0)
    call_command("makemigrations", check=True, dry_run=True)


if __name__ == "__main__":
    main()
