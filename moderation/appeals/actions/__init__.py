from moderation.appeals.actions.answering import decide_appeal
from moderation.appeals.actions.bad_faith import lift_appeal_limit
from moderation.appeals.actions.filing import file_appeal
from moderation.appeals.actions.talking import ask_appellant, say

__all__ = ["ask_appellant", "decide_appeal", "file_appeal", "lift_appeal_limit", "say"]
