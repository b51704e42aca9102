from pathlib import Path

from django.apps import AppConfig

from responsibility import rules

ENDS = ("telling", "look")
"""What alone ends some of what petitions owe: a letter that was told, a look at a bad rating."""


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml", ENDS)  # first: what is imported below asks for rules

        import petitions.desk
        import petitions.transfers.desk  # noqa: F401 -- they declare their kinds
        from petitions.outgoing import Tellings
        from petitions.subject import PetitionAdapter
        from petitions.transfers.models import Transfer
        from petitions.transfers.subject import TransferAdapter
        from responsibility import subjects
        from responsibility.outbox.sources import register_tellings

        subjects.register("petition", PetitionAdapter())
        subjects.register(Transfer.KIND, TransferAdapter())
        register_tellings(Tellings())
