from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts import menu
        from records.erasing import register_copies
        from reports.exports import withdraw
        from reports.menu import ITEMS

        menu.register(*ITEMS)
        register_copies(withdraw)
