from celery.signals import task_prerun
from django.apps import AppConfig
from django.core.signals import request_started


class ResponsibilityConfig(AppConfig):
    name = "responsibility"

    def ready(self) -> None:
        from massline import health
        from responsibility import office, rules
        from responsibility.calendar import forget

        rules.register(rules.SHARED)
        health.NOTES["office"] = office.readiness
        request_started.connect(forget, dispatch_uid="responsibility.calendar")
        task_prerun.connect(forget, dispatch_uid="responsibility.calendar")
