"""How configured classifiers treat texts that name groups of people: asked for, measured by a worker, kept (H8)."""

from moderation.scoring.bias.asking import ask, find_version, keep_from_command
from moderation.scoring.bias.work import measure_waiting

__all__ = ["ask", "find_version", "keep_from_command", "measure_waiting"]
