from accounts.models import InboxMessage, MailDelivery, User
from foundation import bells
from foundation.clock import Now
from foundation.rows import insert_together


def write_to(
    recipient: User, *, key: str, subject: str, body: str, link: str = "", link_label: str = "", actor: User
) -> InboxMessage:
    """Put a message into the inbox of `recipient` and queue its mail, once per `key` (G1, L3).

    Written in the caller's transaction: a decision and its notice exist together or not at all.
    """
    message = InboxMessage(
        recipient=recipient,
        key=key,
        # A subject is one line: a header of the mail can hold no other.
        subject=" ".join(subject.split())[:200],
        body=body,
        link=link,
        link_label=link_label,
    )
    mail = [MailDelivery(message=message)] if recipient.mail_address else []
    if not insert_together(message, *mail):
        return InboxMessage.objects.get(recipient=recipient, key=key)
    if mail:
        bells.ring("send_mail")
    return message


def mark_read(message: InboxMessage, *, actor: User) -> None:
    """Note that the recipient opened the message; others change nothing."""
    InboxMessage.objects.filter(pk=message.pk, recipient=actor, read_at=None).update(read_at=Now())


def mark_all_read(*, actor: User) -> int:
    """Note that `actor` read everything in the own inbox; returns how many messages were unread."""
    return InboxMessage.objects.filter(recipient=actor, read_at=None).update(read_at=Now())
