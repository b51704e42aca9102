from celery.signals import task_prerun
from django.apps import AppConfig
from django.core.signals import request_started


class ResponsibilityConfig(AppConfig):
    name = "responsibility"
    sequences = ("responsibility_escalation_id_seq",)
    """The sweep draws ids before it writes."""
    routines = ("responsibility_take_steps",)
    enum_names = {"EscalationState": "responsibility.models.EscalationState"}

    def ready(self) -> None:
        from accounts import menu
        from massline import acts, keys
        from responsibility import rules, subjects
        from responsibility.calendar import forget
        from responsibility.duty_periods import DutyPeriods
        from responsibility.menu import ITEMS
        from responsibility.models import DutyPeriod
        from responsibility.other_hands import did_before
        from responsibility.record_dates import follow_once
        from responsibility.recording import record_act

        for path in (rules.SHARED, *rules.TO_COME):
            rules.register(path)
        keys.register(self.label, "escalation", "notice", "obligation", "post", "reader")
        subjects.register(DutyPeriod.KIND, DutyPeriods(DutyPeriod))
        acts.register_recorder(record_act)
        acts.register_did_before(did_before)
        acts.register_effects_scope(follow_once)
        menu.register(*ITEMS)
        request_started.connect(forget, dispatch_uid="responsibility.calendar")
        task_prerun.connect(forget, dispatch_uid="responsibility.calendar")
