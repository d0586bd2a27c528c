"""Sending the mail of inbox messages: leased work, at least once, the same Message-ID each time (L3)."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.models import InboxMessage, MailDelivery
from foundation.markdown import render
from foundation.work import work_off


def send_due_mail() -> int:
    """Send every mail that is due; returns how many went out."""
    rows = MailDelivery.objects.select_related("message__recipient")
    return work_off(rows, lambda row: _send(row.message), limit=50)


def _send(message: InboxMessage) -> None:
    host = urlsplit(settings.SITE_URL).hostname
    link = urljoin(settings.SITE_URL, message.link) if message.link else ""
    text = f"{message.body}\n\n{message.link_label}: {link}\n" if link else f"{message.body}\n"
    mail = EmailMultiAlternatives(
        message.subject,
        text,
        to=[message.recipient.mail_address],
        headers={"Message-ID": f"<{message.public_id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render(text), "text/html")
    mail.send()
