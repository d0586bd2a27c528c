"""The verbs of a community tab. Every one that posts asks community.posting first (F5)."""

from community.actions.blocks import block, unblock
from community.actions.hiding import hide, unhide
from community.actions.posts import LONGEST_COMMENT, LONGEST_TITLE, add_comment, edit_comment, open_discussion
from community.actions.reactions import react, take_back
from community.actions.state import (
    decides,
    may_conceal,
    may_lock,
    may_pin,
    may_set_status,
    rename,
    set_locked,
    set_pinned,
    set_status,
)
from community.actions.tab import change_tab, close_all

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_TITLE",
    "add_comment",
    "block",
    "change_tab",
    "close_all",
    "decides",
    "edit_comment",
    "hide",
    "may_conceal",
    "may_lock",
    "may_pin",
    "may_set_status",
    "open_discussion",
    "react",
    "rename",
    "set_locked",
    "set_pinned",
    "set_status",
    "take_back",
    "unblock",
    "unhide",
]
