from accounts.models.guests import Guest
from accounts.models.inbox import InboxMessage, MailDelivery
from accounts.models.names import Membership, Namespace, Organization, OrganizationRole
from accounts.models.resets import NameReset
from accounts.models.restrictions import PostingRestriction
from accounts.models.tokens import Scope, Token
from accounts.models.users import MODERATORS, SYSTEM, NfaaPreference, User

__all__ = [
    "MODERATORS",
    "SYSTEM",
    "Guest",
    "InboxMessage",
    "MailDelivery",
    "Membership",
    "NameReset",
    "Namespace",
    "NfaaPreference",
    "Organization",
    "OrganizationRole",
    "PostingRestriction",
    "Scope",
    "Token",
    "User",
]
