"""What a person may do: asked for in one statement, where Django asks in two and builds them anew each time."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from foundation.asking import ask

# Permissions of a person as `app.codename`, by name and by groups; {} is the id of the person. Each is looked up by
# itself, and some come twice: a join would read all permissions that there are, of which people have few.
GRANTED = """
SELECT (
    SELECT (SELECT app_label FROM django_content_type WHERE id = permission.content_type_id) || '.' || codename
    FROM auth_permission permission WHERE permission.id = granted.permission_id
) FROM (
    SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = {}
    UNION ALL SELECT of_group.permission_id FROM accounts_user_groups joined
    JOIN auth_group_permissions of_group ON of_group.group_id = joined.group_id WHERE joined.user_id = {}
) granted
"""
_ASKED = GRANTED.format("%(person)s", "%(person)s")


class PermissionBackend(ModelBackend):
    """Says what a person is granted, with one query, before Django's own backend is asked; signs nobody in."""

    def authenticate(self, *_request: Any, **_credentials: Any) -> None:
        return None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The permissions as `app.codename`; kept on the object, as Django keeps them."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None or user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            know_permissions(user_obj, [name for (name,) in ask(_ASKED, {"person": user_obj.pk})])
        found: set[str] = user_obj._perm_cache
        return found


def know_permissions(person: Any, names: list[str]) -> None:
    """Keep on the object what `person` is granted, so that nobody asks again."""
    person._perm_cache = set(names)
