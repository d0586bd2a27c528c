from moderation.sanctions.actions.measures import confirm, impose, lift, wait_for_look
from moderation.sanctions.actions.statements import issue_statements

__all__ = ["confirm", "impose", "issue_statements", "lift", "wait_for_look"]
