#!/usr/bin/env python
"""The project's commands. `manage.py up` starts everything, and so runs before there are settings to read."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["up"]:
        from massline.stack.up import main as up

        sys.exit(up(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massline.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"massline: {error}")


if __name__ == "__main__":
    main()
