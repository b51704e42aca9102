from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from records import words
        from records.models import ActText
        from responsibility.models import Escalation

        words.register("entries", ActText.objects.about)
        words.register("escalations", Escalation.objects.about)
