from pathlib import Path

from django.apps import AppConfig

from responsibility import rules


class InspectionConfig(AppConfig):
    name = "inspection"

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml")  # first: what is imported below asks for rules

        from accounts import menu
        from inspection.conclusions import desk as conclusions
        from inspection.decisions import desk as decisions
        from inspection.desk import MENU
        from inspection.draws import desk as draws
        from inspection.duties import DUTY
        from inspection.erasing import own_rows
        from inspection.inspections import desk as inspections
        from inspection.plans import desk as plans
        from inspection.whistles import desk as whistles
        from records import erasing
        from responsibility import duties
        from responsibility.demo import stories

        duties.register(DUTY)
        erasing.register_own_rows(own_rows)
        menu.register(*MENU, *decisions.MENU, *plans.MENU, *inspections.MENU, *conclusions.MENU, *draws.MENU)
        menu.register(*whistles.MENU)
        stories.register(self.label, "inspection.demo.story.plan")
        stories.register("decisions", "inspection.demo.decisions.plan")
        stories.register("inspections", "inspection.demo.inspections.plan")
        stories.register("whistles", "inspection.demo.whistles.plan")
