import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now


class Organization(models.Model):
    """A group of people who own repositories together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=96, unique=True)
    fullname = models.CharField(_("full name"), max_length=100, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organizations")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.name}"


class OrganizationRole(models.TextChoices):
    """What a member may do: sees = any role, edits = write and admin (architecture, "Owner side")."""

    READ = "read", _("read")
    CONTRIBUTOR = "contributor", _("contributor")
    WRITE = "write", _("write")
    ADMIN = "admin", _("admin")


EDITING_ROLES = (OrganizationRole.WRITE, OrganizationRole.ADMIN)


class Membership(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=OrganizationRole.choices, default=OrganizationRole.READ)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization} ({self.role})"


class NamespaceQuerySet(models.QuerySet["Namespace"]):
    def named(self, name: str) -> "NamespaceQuerySet":
        """The one of this name in any case; by Lower(), which is what the index is over, unlike iexact."""
        return self.alias(lower_name=Lower("name")).filter(lower_name=name.lower())


class Namespace(models.Model):
    """A name of a user or an organization: one case-insensitive namespace for both (architecture, "Names")."""

    name = models.CharField(max_length=96)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="namespace"
    )
    organization = models.OneToOneField(Organization, models.PROTECT, null=True, blank=True, related_name="namespace")

    objects = NamespaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="namespace_unique_any_case"),
            models.CheckConstraint(
                condition=Q(user=None, organization__isnull=False) | Q(user__isnull=False, organization=None),
                name="namespace_has_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return self.name
