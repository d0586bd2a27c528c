from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "moderation.subjects"
    label = "subjects"
