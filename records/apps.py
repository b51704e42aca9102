from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    sequences = ("records_number",)
    """Of kinds without one of their own (records/numbers.py)."""
    routines = ("records_bigrams",)
    """By the indexes of the search."""

    def ready(self) -> None:
        from accounts import menu
        from massline import keys
        from records import kinds, texts_elsewhere
        from records.files import emptying
        from records.fulfilments import LinkedFulfilments
        from records.models import ActText, Proposal
        from records.proposals import desk, models, proposing, subject
        from responsibility import duty_periods, fulfilments
        from responsibility.models import DutyPeriod, Escalation

        keys.register(self.label, "attachment", "filter", "import")
        texts_elsewhere.register("entries", ActText.objects.about)
        texts_elsewhere.register("escalations", Escalation.objects.about)
        texts_elsewhere.register("files", emptying.about, emptying.empty)
        texts_elsewhere.register("proposals", Proposal.objects.about, subject.empty)
        models.register_opened_by(proposing.opened_by)
        menu.register(desk.MENU)
        fulfilments.register(LinkedFulfilments())
        kinds.register_title(DutyPeriod.KIND, duty_periods.TITLE)
