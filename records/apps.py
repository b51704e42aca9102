from pathlib import Path

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    sequences = ("records_number",)
    """Of kinds without one of their own (records/numbers.py)."""
    routines = ("records_bigrams", "records_sounds")
    """By the indexes of the search."""

    def ready(self) -> None:
        from responsibility import rules

        for part in ("publishing", "spills"):
            rules.register(Path(__file__).parent / part / "rules.toml")

        from accounts import menu
        from massline import acts, keys
        from records import erasing, kinds, texts_elsewhere
        from records.files import emptying
        from records.fulfilments import LinkedFulfilments
        from records.models import ActText, Proposal, Publication, Spill
        from records.proposals import desk, models, proposing, subject
        from records.publishing import desk as publishing
        from records.publishing.duty import DUTY
        from records.publishing.models import register_publishing_kinds
        from records.spills import desk as spills
        from records.spills.reporting import FROZEN_SO_FAR, refuse_on_frozen
        from responsibility import duties, duty_periods, fulfilments
        from responsibility.desk import going_on
        from responsibility.models import DutyPeriod, Escalation

        keys.register(self.label, "attachment", "filter", "import")
        texts_elsewhere.register("entries", ActText.objects.about)
        texts_elsewhere.register("escalations", Escalation.objects.about)
        texts_elsewhere.register("files", emptying.about, emptying.empty)
        texts_elsewhere.register("proposals", Proposal.objects.about, subject.empty)
        texts_elsewhere.register("publications", Publication.objects.about, publishing.empty)
        texts_elsewhere.register("spills", Spill.objects.about, spills.empty)
        models.register_opened_by(proposing.opened_by)
        register_publishing_kinds(kinds.publishing_kinds)
        duties.register(DUTY)
        acts.register_refusal(refuse_on_frozen)
        erasing.register_erasures(FROZEN_SO_FAR)
        menu.register(desk.MENU, publishing.MENU, spills.MENU)
        fulfilments.register(LinkedFulfilments())
        going_on.register(proposing.links_because)
        kinds.register_title(DutyPeriod.KIND, duty_periods.TITLE)
