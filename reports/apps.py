from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from petitions.erasure import register_copies
        from reports.exports import withdraw

        register_copies(withdraw)
