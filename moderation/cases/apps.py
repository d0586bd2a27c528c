from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "moderation.cases"
    label = "cases"

    def ready(self) -> None:
        from moderation.cases import checks, stakes  # noqa: F401 - registers the system checks, what tokens are asked
