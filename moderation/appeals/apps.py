from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "moderation.appeals"
    label = "appeals"
