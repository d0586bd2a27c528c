"""Which names may be taken: one namespace for people and organizations, with reserved words."""

import re

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import NameReset, Namespace

PATTERN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_.](?=[A-Za-z0-9])){1,95}")
RESERVED = frozenset(
    [
        "about",
        "abuse",
        "accounts",
        "admin",
        "administrator",
        "anonymous",
        "api",
        "appeal",
        "appeals",
        "assets",
        "cases",
        "community",
        "contact",
        "dashboard",
        "datasets",
        "docs",
        "events",
        "front",
        "help",
        "inbox",
        "inspect",
        "language",
        "legal",
        "login",
        "logout",
        "mail",
        "me",
        "media",
        "metrics",
        "models",
        "moderation",
        "moderator",
        "moderators",
        "mine",
        "my",
        "new",
        "none",
        "null",
        "organizations",
        "people",
        "policy",
        "preferences",
        "privacy",
        "queue",
        "report",
        "reports",
        "repositories",
        "root",
        "rules",
        "search",
        "security",
        "settings",
        "signin",
        "signup",
        "spaces",
        "staff",
        "standing",
        "static",
        "status",
        "support",
        "system",
        "team",
        "terms",
        "transparency",
        "undefined",
        "user",
        "users",
        "www",
    ]
)


def clean_name(name: str) -> str:
    """`name` when it may be taken now. Raises ValidationError saying what is wrong with it."""
    if not PATTERN.fullmatch(name):
        raise ValidationError(
            _("Use 2 to 96 letters, digits, “-”, “_” or “.”, beginning and ending with a letter or digit."),
            code="invalid",
        )
    if name.lower() in RESERVED:
        raise ValidationError(_("This name is reserved. Please choose another one."), code="reserved")
    if Namespace.objects.named(name).exists():
        raise _taken()
    require_not_replaced(name)
    return name


def require_not_replaced(name: str) -> None:
    """Raise ValidationError for a name that the team replaced: nobody takes it again (architecture, "Names").

    To be asked again after the name was taken, in one transaction: who replaced it a moment ago has committed by then.
    """
    if NameReset.objects.alias(lower_former=Lower("former")).filter(lower_former=name.lower()).exists():
        raise _taken()


def _taken() -> ValidationError:
    return ValidationError(_("This name is taken. Please choose another one."), code="taken")
