from django.db import transaction

from accounts.models import InboxMessage, MailDelivery, User
from foundation import bells
from foundation.clock import Now


@transaction.atomic
def write_to(
    recipient: User, *, key: str, subject: str, body: str, link: str = "", link_label: str = "", actor: User
) -> InboxMessage:
    """Put a message into the inbox of `recipient` and queue its mail, once per `key` (G1, L3).

    Written in the caller's transaction: a decision and its notice exist together or not at all.
    """
    message, created = InboxMessage.objects.get_or_create(
        recipient=recipient,
        key=key,
        # A subject is one line: a header of the mail can hold no other.
        defaults={"subject": " ".join(subject.split())[:200], "body": body, "link": link, "link_label": link_label},
    )
    if created and recipient.mail_address:
        MailDelivery.objects.create(message=message)
        bells.ring("send_mail")
    return message


def mark_read(message: InboxMessage, *, actor: User) -> None:
    """Note that the recipient opened the message; others change nothing."""
    InboxMessage.objects.filter(pk=message.pk, recipient=actor, read_at=None).update(read_at=Now())


def mark_all_read(*, actor: User) -> int:
    """Note that `actor` read everything in the own inbox; returns how many messages were unread."""
    return InboxMessage.objects.filter(recipient=actor, read_at=None).update(read_at=Now())
