from pathlib import Path

from django.apps import AppConfig

from responsibility import rules


class InstitutionsConfig(AppConfig):
    name = "institutions"

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml")  # first: what is imported below asks for rules

        from accounts import menu
        from institutions.desk import MENU
        from institutions.duties import DUTY
        from institutions.gaps import desk as gaps
        from responsibility import duties

        duties.register(DUTY)
        menu.register(*MENU, *gaps.MENU)
