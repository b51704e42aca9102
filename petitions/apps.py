from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        from massline import acts
        from petitions.work import PetitionAdapter, record_act
        from responsibility import subjects

        subjects.register("petition", PetitionAdapter())
        acts.register_recorder(record_act)
