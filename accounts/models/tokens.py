from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from foundation.clock import Now


class Scope(models.TextChoices):
    """What a token may do; each scope includes those before it."""

    READ = "read", _("read")
    WRITE = "write", _("write: report and post as you")
    MODERATE = "moderate", _("moderate: work in the queue as you")


class Token(AbstractAuthToken):
    """An API token: only its hash is stored; it expires (K1)."""

    name = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.READ)
    created = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.token_key}… ({self.scope})"

    def allows(self, scope: str) -> bool:
        """Whether this token's scope includes `scope`."""
        order = list(Scope)
        return order.index(Scope(self.scope)) >= order.index(Scope(scope))
