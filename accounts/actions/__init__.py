from accounts.actions.guests import guest_for
from accounts.actions.inbox import draft_letter, mark_all_read, mark_read, send_letters, sendings, write_to
from accounts.actions.profile import change_profile, choose_language, choose_nfaa
from accounts.actions.register import (
    confirm_email,
    create_organization,
    join_organization,
    make_moderator,
    register,
)
from accounts.actions.resets import choose_name, lift_reset, reset_name
from accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "change_profile",
    "choose_language",
    "choose_name",
    "choose_nfaa",
    "confirm_email",
    "create_organization",
    "create_token",
    "draft_letter",
    "guest_for",
    "join_organization",
    "lift_reset",
    "make_moderator",
    "mark_all_read",
    "mark_read",
    "register",
    "reset_name",
    "revoke_token",
    "send_letters",
    "sendings",
    "write_to",
]
