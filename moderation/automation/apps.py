from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "moderation.automation"
    label = "automation"
