"""How a letter looks as a mail: the words of its page in a plain frame, as text and as HTML (G1)."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.mail_links import signed
from accounts.models import InboxMessage
from foundation.markdown import render


def compose(message: InboxMessage, *, to: str) -> EmailMultiAlternatives:
    """The mail of `message` to this address, its frame in the language of the person.

    Each time it is composed it has the same Message-ID, so that mailboxes see a repeated mail as one.
    """
    person = message.recipient
    language = person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    site = settings.SITE_URL.rstrip("/")
    context = {
        "message": message,
        "site": site,
        "host": urlsplit(site).hostname,
        # A guest has only the signed one.
        "link": "" if message.signed_path and person.is_guest else address_of_link(message),
        # For whoever cannot sign in: in the mail only, because whoever has it reads there as this person.
        "signed": site + signed(message.signed_path, person) if message.signed_path else "",
        # Guests cannot sign in: they have no inbox.
        "inbox": "" if person.is_guest else site + reverse("accounts:message", args=[message.public_id]),
        "language": language,
    }
    with translation.override(language):
        mail = EmailMultiAlternatives(
            message.subject,
            render_to_string("accounts/mail/letter.txt", context),
            to=[to],
            headers={
                "Message-ID": f"<{message.public_id}@{context['host']}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        html = render_to_string("accounts/mail/letter.html", context | {"body": render(message.body)})
    mail.attach_alternative(html, "text/html")
    return mail


def address_of_link(message: InboxMessage) -> str:
    """Where the link of a letter leads, as a whole address; "" where it has none."""
    return urljoin(settings.SITE_URL, message.link) if message.link else ""
