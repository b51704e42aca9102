from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from responsibility import rules

ENDS = ("telling", "look")
"""The `closed_by` values of rules.toml: such an obligation ends only when a letter was told or a bad rating looked
into."""


class PetitionsConfig(AppConfig):
    name = "petitions"
    sequences = ("petitions_number",)
    routines = ("petitions_text",)
    """The search index and every search call this function."""
    enum_names = {
        "ChannelEnum": "petitions.models.Channel",
        "EnteredChannel": "petitions.models.ENTERED_CHANNELS",
        "PetitionPurpose": "petitions.models.Purpose",
        "PetitionOutcome": "petitions.models.Outcome",
    }

    def ready(self) -> None:
        rules.register(Path(__file__).parent / "rules.toml", ENDS)  # first: what is imported below asks for rules

        import petitions.desk.declaration
        import petitions.transfers.desk
        import petitions.wording  # noqa: F401 -- they declare kinds and the words of events
        from accounts import menu, separation
        from massline import health
        from petitions.desk.menu import ITEMS
        from petitions.duties import DUTY
        from petitions.public import receiving_office as office
        from responsibility import duties
        from responsibility.demo import stories

        duties.register(DUTY)
        health.NOTES["office"] = office.readiness
        menu.register(*ITEMS)
        separation.register_record_name(pgettext_lazy("in a sentence", "信访事项"))
        stories.register(self.label, "petitions.demo.story.plan")
