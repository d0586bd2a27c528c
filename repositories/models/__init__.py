from repositories.models.activity import Like
from repositories.models.repository import PREFIX, Gating, Kind, Repository, Visibility
from repositories.models.restriction import Restriction

__all__ = ["PREFIX", "Gating", "Kind", "Like", "Repository", "Restriction", "Visibility"]
