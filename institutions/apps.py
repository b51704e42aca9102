from pathlib import Path

from django.apps import AppConfig

from responsibility import rules


class InstitutionsConfig(AppConfig):
    name = "institutions"

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml")  # first: what is imported below asks for rules

        from accounts import menu
        from institutions.cleanups import desk as cleanups
        from institutions.desk import MENU
        from institutions.duties import DUTY
        from institutions.erasing import own_rows
        from institutions.gaps import desk as gaps
        from records import erasing
        from responsibility import duties
        from responsibility.demo import stories

        duties.register(DUTY)
        erasing.register_own_rows(own_rows)
        menu.register(*MENU, *gaps.MENU, *cleanups.MENU)
        stories.register(self.label, "institutions.demo.story.plan")
        stories.register("gaps", "institutions.demo.gaps.plan")
