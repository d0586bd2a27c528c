from collections.abc import Sequence
from json import JSONEncoder

from django.db import connection

from accounts.models import InboxMessage, User
from foundation import bells
from foundation.clock import Now
from foundation.drafts import draft
from foundation.rows import Piece


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
    for piece in sendings(letters):
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {piece.sql} SELECT public_id, id FROM told", piece.values)  # noqa: S608 - our own words
            keys = dict(cursor.fetchall())
        for one in letters:
            if key := keys.get(one.public_id):
                one.pk = key
                one._state.adding, one._state.db = False, connection.alias


def sendings(letters: Sequence[InboxMessage]) -> list[Piece]:
    """The same as a piece of a statement that the caller makes in this transaction; they get no keys.

    However many there are, the statement is the same, so that it stays prepared: a statement for each number of
    reporters cost a decision a millisecond, while its plans were made anew.
    """
    if not letters:
        return []
    given = [
        [
            str(one.public_id),
            one.recipient_id,
            *(getattr(one, name) for name in _WORDS),
            bool(one.recipient.mail_address),
        ]
        for one in letters
    ]
    if any(mailed for *_letter, mailed in given):
        bells.ring("send_mail")
    return [Piece(_SEND, [_encoded(given)])]


_WORDS = ("subject", "body", "link", "link_label", "signed_path", "key")
_encoded = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# One value for all of them: an array for each column takes psycopg several times as long to write.
_SEND = """
    letter AS (
        SELECT (one ->> 0)::uuid AS public_id, (one ->> 1)::bigint AS recipient_id, one ->> 2 AS subject,
            one ->> 3 AS body, one ->> 4 AS link, one ->> 5 AS link_label, one ->> 6 AS signed_path, one ->> 7 AS key,
            (one ->> 8)::boolean AS mailed
        FROM jsonb_array_elements(%s::jsonb) AS given (one)
    ), told AS (
        INSERT INTO accounts_inboxmessage
            (public_id, recipient_id, subject, body, link, link_label, signed_path, key)
        SELECT public_id, recipient_id, subject, body, link, link_label, signed_path, key FROM letter
        ON CONFLICT DO NOTHING
        RETURNING id, public_id
    ), mailing AS (
        INSERT INTO accounts_maildelivery (attempts, last_error, message_id)
        SELECT 0, '', told.id FROM told JOIN letter USING (public_id) WHERE letter.mailed
    )"""


def mark_read(message: InboxMessage, *, actor: User, through: InboxMessage.Through = InboxMessage.Through.PAGE) -> None:
    """Note that the recipient opened the message, and where first; others change nothing."""
    unread = InboxMessage.objects.filter(pk=message.pk, recipient=actor, read_at=None)
    unread.update(read_at=Now(), read_through=through)


def mark_all_read(*, actor: User) -> int:
    """Note that `actor` read everything in the own inbox; returns how many messages were unread."""
    return InboxMessage.objects.filter(recipient=actor, read_at=None).update(read_at=Now())
