from collections.abc import Sequence

from django.db.models import Model

from accounts.models import InboxMessage, MailDelivery, User
from foundation import bells
from foundation.clock import Now
from foundation.drafts import draft
from foundation.rows import insert_each

# So many letters are one statement: few numbers of them, so that each statement stays prepared.
AT_ONCE = 4


def write_to(
    recipient: User,
    *,
    key: str,
    subject: str,
    body: str,
    link: str = "",
    link_label: str = "",
    signed_path: str = "",
    actor: User,
) -> InboxMessage:
    """Put a message into the inbox of `recipient` and queue its mail, once per `key` (G1, L3).

    Written in the caller's transaction: a decision and its notice exist together or not at all. `signed_path` is what
    the mail also opens for somebody who cannot sign in (mail_links.py).
    """
    words = {"subject": subject, "body": body, "link": link, "link_label": link_label}
    message = draft_letter(recipient, key=key, signed_path=signed_path, **words)
    send_letters([message], actor=actor)
    return message if message.pk else InboxMessage.objects.get(recipient=recipient, key=key)


def draft_letter(
    recipient: User, *, key: str, subject: str, body: str, link: str = "", link_label: str = "", signed_path: str = ""
) -> InboxMessage:
    """The same as a message that is not saved yet, to be sent with others."""
    return draft(
        InboxMessage,
        recipient=recipient,
        key=key,
        # A subject is one line: a header of the mail can hold no other.
        subject=" ".join(subject.split())[:200],
        body=body,
        link=link,
        link_label=link_label,
        signed_path=signed_path,
    )


def send_letters(letters: Sequence[InboxMessage], *, actor: User) -> None:
    """Put drafted messages into their inboxes and queue their mails, in their order, as write_to does.

    Those that were written before are left as they are, without a key.
    """
    for start in range(0, len(letters), AT_ONCE):
        insert_each(sendings(letters[start : start + AT_ONCE]))


def sendings(letters: Sequence[InboxMessage]) -> list[Sequence[Model]]:
    """The same as groups of rows for the caller to insert in this transaction, AT_ONCE in a statement at most."""
    groups = [(one, draft(MailDelivery, message=one)) if one.recipient.mail_address else (one,) for one in letters]
    if any(len(group) > 1 for group in groups):
        bells.ring("send_mail")
    return list(groups)


def mark_read(message: InboxMessage, *, actor: User, through: InboxMessage.Through = InboxMessage.Through.PAGE) -> None:
    """Note that the recipient opened the message, and where first; others change nothing."""
    unread = InboxMessage.objects.filter(pk=message.pk, recipient=actor, read_at=None)
    unread.update(read_at=Now(), read_through=through)


def mark_all_read(*, actor: User) -> int:
    """Note that `actor` read everything in the own inbox; returns how many messages were unread."""
    return InboxMessage.objects.filter(recipient=actor, read_at=None).update(read_at=Now())
