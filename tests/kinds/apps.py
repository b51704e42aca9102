from django.apps import AppConfig


class KindsConfig(AppConfig):
    name = "tests.kinds"
    routines = ("kinds_slip_issue", "kinds_slip_cast", "kinds_slip_count", "kinds_slip_close")
