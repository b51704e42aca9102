from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        from massline import acts
        from petitions.outgoing import Tellings
        from petitions.work import PetitionAdapter, record_act
        from responsibility import subjects
        from responsibility.outbox.sources import register_tellings

        subjects.register("petition", PetitionAdapter())
        acts.register_recorder(record_act)
        register_tellings(Tellings())
