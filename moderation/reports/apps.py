from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "moderation.reports"
    label = "reports"
