"""The project's settings, for tests and checks: nothing needs to be set."""

import os

os.environ.setdefault("MASSLINE_ENV", "test")

from massline.settings import *  # noqa: F403
