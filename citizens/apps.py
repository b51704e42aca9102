from pathlib import Path

from django.apps import AppConfig

from responsibility import rules

ENDS = ("telling",)
"""The `closed_by` values of rules.toml: such an obligation ends only when a letter was told."""


class CitizensConfig(AppConfig):
    name = "citizens"
    enum_names = {
        "TellBy": "citizens.models.TellBy",
        "ComplainedKind": "citizens.models.ComplainedKind",
    }

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml", ENDS)  # first: what is imported below asks for rules

        import citizens.wording  # noqa: F401 -- it declares the words for codes in events
        from accounts import menu
        from citizens.erasure import erase as erasure
        from citizens.menu import LETTERS
        from citizens.models import CitizenNotification, Rating
        from citizens.telling.outgoing import Letters
        from citizens.telling.queue import SOURCE
        from massline import keys
        from records import erasing, texts_elsewhere
        from responsibility.outbox import sources

        keys.register(self.label, "letter")
        menu.register(LETTERS)
        texts_elsewhere.register("letters", CitizenNotification.objects.about)
        texts_elsewhere.register("ratings", Rating.objects.about)
        erasing.register_erasures(erasure.ERASED_SO_FAR)
        erasing.register_own_rows(erasure.own_rows, erasure.delete_further)
        sources.register(SOURCE, Letters())
