from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "moderation.transparency"
    label = "transparency"
