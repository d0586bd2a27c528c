from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "moderation.scoring"
    label = "scoring"
