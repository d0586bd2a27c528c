"""Accounts for administrators. Names are taken by our actions; what was written or imposed is only read here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import register
from accounts.models import (
    InboxMessage,
    MailDelivery,
    Membership,
    Namespace,
    Organization,
    PostingRestriction,
    Token,
    User,
)
from accounts.names import clean_name
from foundation.admin import ReadOnly


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    def clean_username(self) -> str:
        return clean_name(super().clean_username() or "")


@admin.register(User)
class UserAdmin(BaseUserAdmin):  # type: ignore[type-arg]
    """A new account takes its name like every other; names stay, and accounts are closed instead of deleted."""

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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "username") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            register(obj)


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


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnly):
    list_display = ("subject", "recipient", "created_at", "read_at")
    list_select_related = ("recipient",)
    search_fields = ("recipient__username", "subject")
    date_hierarchy = "created_at"


@admin.register(MailDelivery)
class MailDeliveryAdmin(ReadOnly):
    list_display = ("message", "done_at", "attempts", "last_error")
    list_select_related = ("message",)


@admin.register(PostingRestriction)
class PostingRestrictionAdmin(ReadOnly):
    """Imposed and lifted by decisions, so that there is a case, a notice and an audit trail."""

    list_display = ("user", "kind", "starts_at", "ends_at", "lifted_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
