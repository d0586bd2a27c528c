"""Spam at the door: what people write is looked at after it was posted, and reported where something is found.

Nothing here refuses, hides or delays a post. Each check says what it found; the system reports it to the team, once.
"""

from moderation.automation.screening.files import screen_files
from moderation.automation.screening.work import forget_prints, screen_texts

__all__ = ["forget_prints", "screen_files", "screen_texts"]
