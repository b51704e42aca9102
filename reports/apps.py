from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts import menu
        from massline import keys
        from records import list_links
        from records.erasing import register_copies
        from reports.exports import withdraw
        from reports.list_links import EXPORT
        from reports.menu import ITEMS

        keys.register(self.label, "export")
        menu.register(*ITEMS)
        list_links.register(EXPORT)
        register_copies(withdraw)
