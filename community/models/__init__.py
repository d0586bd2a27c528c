from community.models.answers import Mention, Reaction
from community.models.comment import Comment, CommentVersion, Hiding
from community.models.discussion import Discussion
from community.models.event import DiscussionEvent
from community.models.limit import Limit
from community.models.pull_request import PullRequest
from community.models.subscription import Digest, MailChoice, Notification, Reason, Subscription
from community.models.tab import Block, TabSettings

__all__ = [
    "Block",
    "Comment",
    "CommentVersion",
    "Digest",
    "Discussion",
    "DiscussionEvent",
    "Hiding",
    "Limit",
    "MailChoice",
    "Mention",
    "Notification",
    "PullRequest",
    "Reaction",
    "Reason",
    "Subscription",
    "TabSettings",
]
