"""Accounts for administrators. Names are taken by our actions; what was written or imposed is only read here."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import register
from accounts.models import (
    InboxMessage,
    MailDelivery,
    Membership,
    NameReset,
    Namespace,
    Organization,
    PostingRestriction,
    Token,
    User,
)
from accounts.names import clean_name
from foundation import bells
from foundation.admin import ReadOnly


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    def clean_username(self) -> str:
        return clean_name(super().clean_username() or "")


@admin.register(User)
class UserAdmin(BaseUserAdmin):  # type: ignore[type-arg]
    """A new account takes its name like every other; names stay, and accounts are closed instead of deleted.

    Guests are no accounts: that there is one says that somebody reported, or takes part in a case (C1).
    """

    add_form = UserCreationForm
    list_display = ("username", "fullname", "email", "is_active", "is_staff", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("fullname", "email", "bio", "language", "time_zone")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request).filter(is_guest=False)
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "username") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            register(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever is not of the team any more gives back what they hold there (M2)."""
        super().save_related(request, form, formsets, change)
        bells.ring("free_claims")


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "fullname", "created_at")
    search_fields = ("name", "fullname")
    readonly_fields = ("name", "public_id", "created_at")
    inlines = (MembershipInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Namespace)
class NamespaceAdmin(ReadOnly):
    list_display = ("name", "user", "organization")
    list_select_related = ("user", "organization")
    search_fields = ("name",)


@admin.register(Token)
class TokenAdmin(ReadOnly):
    """Deleting is revoking."""

    list_display = ("token_key", "user", "name", "scope", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("user__username", "name")
    exclude = ("digest",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.delete_token")


def _named(person: User) -> str:
    """The name of an account; guests have none here."""
    return _("a guest") if person.is_guest else person.username  # type: ignore[return-value]


class MailStateFilter(admin.SimpleListFilter):
    """What became of the mail, for either of the two lists."""

    title = _("mail")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(MailDelivery.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value() or ""
        if state not in MailDelivery.IN:
            return queryset
        mails = MailDelivery.objects.filter(MailDelivery.IN[state])
        return queryset.filter(**{"pk__in" if queryset.model is MailDelivery else "mail__in": mails})


class MailInline(admin.StackedInline):  # type: ignore[type-arg]
    """How a message went by mail; nothing where its recipient had no address."""

    model = MailDelivery
    can_delete = False
    extra = max_num = 0
    fields = readonly_fields = (
        "state_label", "created_at", "attempts", "refusals", "due_at", "done_at", "first_error", "last_error",
    )  # fmt: skip

    @admin.display(description=_("state"))
    def state_label(self, mail: MailDelivery) -> str:
        return str(mail.state.label)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnly):
    """Every letter, and how and when it reached its recipient on each channel; what it says is theirs to read.

    It would say who reported, and whom a sanction concerns (C1, F1); that a guest got one says it already.
    """

    list_display = ("public_id", "to", "created_at", "read_at", "read_through", "mail_state", "mailed_at")
    list_select_related = ("recipient", "mail")
    list_filter = (("read_at", admin.EmptyFieldListFilter), "read_through", MailStateFilter)
    search_fields = ("=public_id", "recipient__username", "recipient__email")
    date_hierarchy = "created_at"
    inlines = (MailInline,)
    fields = ("public_id", "to", "created_at", "read_at", "read_through")

    @admin.display(description=_("recipient"), ordering="recipient")
    def to(self, message: InboxMessage) -> str:
        return _named(message.recipient)

    @admin.display(description=_("mail"))
    def mail_state(self, message: InboxMessage) -> Any:
        mail = getattr(message, "mail", None)
        return mail.state.label if mail else _("no address")

    @admin.display(description=_("mail sent"))
    def mailed_at(self, message: InboxMessage) -> datetime | None:
        mail = getattr(message, "mail", None)
        return mail.done_at if mail and not mail.given_up else None


@admin.register(MailDelivery)
class MailDeliveryAdmin(ReadOnly):
    """The mails by themselves: what waits, what failed and why, what was given up."""

    list_display = ("message", "to", "state_label", "attempts", "due_at", "done_at", "last_error")
    list_select_related = ("message__recipient",)
    list_filter = (MailStateFilter,)
    search_fields = (
        "=message__public_id", "message__recipient__username", "message__recipient__email", "first_error", "last_error",
    )  # fmt: skip
    exclude = ("lease",)

    @admin.display(description=_("recipient"), ordering="message__recipient")
    def to(self, mail: MailDelivery) -> str:
        return _named(mail.message.recipient)

    @admin.display(description=_("state"))
    def state_label(self, mail: MailDelivery) -> str:
        return str(mail.state.label)


@admin.register(PostingRestriction)
class PostingRestrictionAdmin(ReadOnly):
    """Imposed and lifted by decisions, so that there is a case, a notice and an audit trail: whose it is stands there.

    Sanctions are private (F1).
    """

    list_display = ("pk", "kind", "starts_at", "ends_at", "lifted_at")
    fields = list_display


@admin.register(NameReset)
class NameResetAdmin(ReadOnly):
    """Imposed and lifted by decisions as well; the former name stands on the page of the case alone."""

    list_display = ("given", "created_at", "chosen_at", "lifted_at")
    search_fields = ("given",)
    fields = list_display
