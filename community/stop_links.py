"""The link in every digest that ends these mails without signing in (RFC 8058)."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused


def stop_link(user: User) -> str:
    """The full address where `user` ends the mails. It does not expire, as the mail that holds it does not either."""
    token = _signer(user).sign(user.public_id.hex)
    path = reverse("community:stop_mails", args=[token])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def find_by_token(token: str) -> User:
    """Whose mails the link with `token` ends. Raises Refused (404) for one that is not ours or holds no more."""
    try:
        user = User.objects.get(public_id=UUID(token.partition(".")[0]), is_active=True)
        _signer(user).unsign(token)
    except (ValueError, User.DoesNotExist, BadSignature):
        message = _("This link does not hold any more. Sign in to choose which mails you get.")
        raise Refused(message, code="not_found", status=404) from None
    return user


def _signer(user: User) -> Signer:
    # Bound to the address: whoever has it no more cannot use the mails that went there.
    return Signer(sep=".", salt=f"community.stop_links:{user.email}")
