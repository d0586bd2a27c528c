from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "moderation.appeals"
    label = "appeals"

    def ready(self) -> None:
        from moderation.appeals import seals  # noqa: F401 - says what of an appeal events say
