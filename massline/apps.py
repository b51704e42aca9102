from django.apps import AppConfig


class MasslineConfig(AppConfig):
    name = "massline"
