from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "moderation.scoring"
    label = "scoring"

    def ready(self) -> None:
        from moderation.scoring import checks, known  # noqa: F401 - registers the system check
        from repositories import scanning

        scanning.KNOWN_BAD.append(lambda sha256: known.is_known_bad(sha256) is not None)
