"""The project's settings, for tests and checks: nothing needs to be set."""

import os

os.environ.setdefault("MASSLINE_ENV", "test")

from massline import translations
from massline.settings import *  # noqa: F403

translations.compile_changed()  # before Django starts: it reads the texts of its first language then, and never again

INSTALLED_APPS += ["tests.kinds", "tests.remarks", "tests.repairs"]  # noqa: F405
