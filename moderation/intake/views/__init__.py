from moderation.intake.views import guest, own, report

__all__ = ["guest", "own", "report"]
