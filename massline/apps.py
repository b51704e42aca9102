from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created


class MasslineConfig(AppConfig):
    name = "massline"

    def ready(self) -> None:
        """What apps name in their configuration: `enum_names`, what REST's schema calls closed lists of values."""
        from massline import prepared

        connection_created.connect(prepared.install, dispatch_uid="massline.prepared")
        names: dict[str, str] = settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"]  # type: ignore[assignment]
        for config in apps.get_app_configs():
            for name, choices in getattr(config, "enum_names", {}).items():
                if names.setdefault(name, choices) != choices:
                    raise ImproperlyConfigured(f"two closed lists called {name}: {names[name]}, {choices}")
