from accounts.actions.guests import guest_for
from accounts.actions.inbox import mark_all_read, mark_read, write_to
from accounts.actions.profile import change_profile, choose_language, choose_nfaa
from accounts.actions.register import (
    confirm_email,
    create_organization,
    join_organization,
    make_moderator,
    register,
)
from accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "change_profile",
    "choose_language",
    "choose_nfaa",
    "confirm_email",
    "create_organization",
    "create_token",
    "guest_for",
    "join_organization",
    "make_moderator",
    "mark_all_read",
    "mark_read",
    "register",
    "revoke_token",
    "write_to",
]
