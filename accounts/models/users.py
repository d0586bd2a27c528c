import uuid
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now

MODERATORS = "Moderators"
# The named actor of everything automation does: never nobody (architecture, "Actors").
SYSTEM = "ombud"


class NfaaPreference(models.TextChoices):
    """What a person wants done with repositories that are not for all audiences (A4)."""

    ASK = "ask", _("ask me each time")
    SHOW = "show", _("always show them")
    NEVER = "never", _("never list them")


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox brings no types
    """A person, or the system actor. Shares one namespace of names with organizations."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fullname = models.CharField(_("full name"), max_length=100, blank=True)
    bio = models.TextField(_("about"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    nfaa = models.CharField(
        _("not for all audiences"), max_length=10, choices=NfaaPreference.choices, default=NfaaPreference.ASK
    )
    date_joined = models.DateTimeField(_("joined"), db_default=Now())
    is_guest = models.BooleanField(
        _("guest"), default=False, help_text="Reported something without an account: no name here, no sign-in (C1)."
    )

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="username_unique_any_case")]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return f"/{self.username}"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django says it; what is known of this person already is not asked of each backend again."""
        known = self.__dict__.get("_perm_cache", ()) if self.is_active and obj is None else ()
        return perm in known or super().has_perm(perm, obj)

    @cached_property
    def is_team(self) -> bool:
        """Whether this person works in the queue (permission cases.view_queue); one query, kept on the object."""
        return self.is_active and self.has_perm("cases.view_queue")

    @property
    def mail_address(self) -> str:
        """Where mail to this person goes, "" for nowhere; for a guest one query."""
        if not self.is_guest:
            return self.email
        return str(guest.email) if (guest := getattr(self, "guest", None)) else ""

    @property
    def is_system(self) -> bool:
        return self.username == SYSTEM
