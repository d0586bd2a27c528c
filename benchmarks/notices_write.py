"""Letters as decisions write them, to people of two languages; and what their records say afterwards."""

from itertools import count

from django.db import transaction

from accounts.actions import draft_letter, send_letters
from accounts.models import MailDelivery, User
from accounts.queries import system_actor
from community.importing import people

PEOPLE = 200
# As long as a statement of reasons.
BODY = """We looked at a report and decided that **this breaks our rules**.

- What: the comment “You people who wrote this are worthless” in the discussion *Release 7*
- Clause: Harassment, version 3 of 1 October 2026
- What follows: the comment is hidden until somebody lifts this, and you cannot post for 48 hours

Somebody of our team decided this; no machine did. A report brought it to us. You repeated what we had asked you to stop
a week ago, and the person whom you wrote about asked you to stop, too.

If you think that we are wrong, you can contest this until 21 May 2027. Somebody who did not decide this answers you.
"""


class Writer:
    """Writes letters two by two, each pair in a transaction of its own; `ids` are the public ids of all of them."""

    def __init__(self) -> None:
        self.people = people("letters", PEOPLE)
        for number, person in enumerate(self.people):
            person.email = f"person{number}@letters.example"
            person.language = "th" if number % 3 == 0 else "en"
        User.objects.bulk_update(self.people, ["email", "language"])
        self.actor = system_actor()
        self.ids: set[str] = set()
        self._numbers = count()

    def write(self, letters: int) -> None:
        """Write so many, an even number."""
        for _pair in range(letters // 2):
            number = next(self._numbers)
            pair = [
                draft_letter(
                    self.people[(number * 2 + one) % PEOPLE],
                    key=f"bench:{number}:{one}",
                    subject=f"We decided about your comment ({number})",
                    body=BODY,
                    link="/policy",
                    link_label="Read the reasons",
                )
                for one in (0, 1)
            ]
            with transaction.atomic():
                send_letters(pair, actor=self.actor)
            self.ids |= {str(one.public_id) for one in pair}


def pending() -> int:
    return MailDelivery.objects.filter(done_at=None).count()


def records() -> dict[str, int]:
    """How many records do not say that their mail was sent, and how many needed a second attempt."""
    sent = MailDelivery.IN[MailDelivery.State.SENT]
    return {
        "unrecorded": MailDelivery.objects.exclude(sent).count(),
        "tried_again": MailDelivery.objects.filter(attempts__gt=1).count(),
    }
