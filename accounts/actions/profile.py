from django.utils.translation import gettext as _

from accounts.models import NfaaPreference, User
from foundation.errors import Forbidden


def change_profile(user: User, *, fullname: str, bio: str, language: str, time_zone: str, actor: User) -> User:
    """What a person says about itself, and how we speak to it. Raises Forbidden when `actor` is somebody else."""
    _require_self(user, actor)
    user.fullname, user.bio, user.language, user.time_zone = fullname, bio, language, time_zone
    user.save(update_fields=["fullname", "bio", "language", "time_zone"])
    return user


def choose_language(user: User, language: str, *, actor: User) -> None:
    """Speak `language`, one of the settings' codes, to a person from now on: on pages, in notices and mail."""
    _require_self(user, actor)
    user.language = language
    user.save(update_fields=["language"])


def choose_nfaa(user: User, preference: str, *, actor: User) -> None:
    """What to do with repositories that are not for all audiences: ask, always show or never list them (A4)."""
    _require_self(user, actor)
    user.nfaa = NfaaPreference(preference)
    user.save(update_fields=["nfaa"])


def _require_self(user: User, actor: User) -> None:
    if user != actor:
        raise Forbidden(_("Only the person can change a profile."))
