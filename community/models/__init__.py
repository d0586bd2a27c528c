from community.models.discussion import Comment, Discussion
from community.models.pull_request import PullRequest

__all__ = ["Comment", "Discussion", "PullRequest"]
