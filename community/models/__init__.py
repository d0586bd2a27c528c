from community.models.discussion import Comment, Discussion

__all__ = ["Comment", "Discussion"]
