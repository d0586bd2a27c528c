"""Links in mails that open one page for somebody who cannot sign in, and nothing else (G1; architecture: signed links).

Whoever is deactivated, lost a second factor or has no account still reads why, and contests it. A link is bound to the
page and to the person, ends by itself, and holds no more once their mail address or their password changed, which also
ends their sessions. It is made when a mail is composed and stored nowhere: whoever reads the database has none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.zones import zone_of
from foundation import clock
from foundation.errors import Refused

# Long enough to contest a decision and to hear the answer; every mail brings a new one.
LASTS = timedelta(days=365)


def signed(path: str, person: User) -> str:
    """The path that opens what lies at `path` for `person` without signing in."""
    until = int((clock.now() + LASTS).timestamp())
    return f"{path}/by-mail/{_signer(path, person).sign(str(until))}"


def require_signed(path: str, person: User | None, token: str) -> User:
    """`person`, whose link to `path` this token is. Raises the same Refused (404) for every one that does not hold."""
    try:
        if person is None or int(_signer(path, person).unsign(token)) < clock.now().timestamp():
            raise BadSignature  # noqa: TRY301 - the same answer for all
    except (BadSignature, ValueError):
        message = _("This link does not hold any more. Our latest mail to you has one that does; or sign in.")
        raise Refused(message, code="not_found", status=404) from None
    return person


@contextmanager
def speaking_to(person: User) -> Iterator[None]:
    """Speak their language, and tell times in their zone, while they read a page without signing in."""
    known = person.language in dict(settings.LANGUAGES)
    with (
        translation.override(person.language if known else translation.get_language()),
        timezone.override(zone_of(person)),
    ):
        yield


def _signer(path: str, person: User) -> Signer:
    return Signer(sep=".", salt=f"accounts.mail_links:{path}:{person.pk}:{person.mail_address}:{person.password}")
