"""Finding names of reporters and of other parties in words that a party will read (D1, C2)."""

import re

from django.utils.translation import gettext as _

from foundation.errors import Refused
from moderation.cases.models import Party
from moderation.reports.models import Report, Sender

MOST_REPORTERS = 500
SHORTEST_NAME = 3


class NamesSomebody(Refused):
    """The words name somebody whom the reader should not learn of; `names` are what was found."""

    code = "names_somebody"
    status = 422

    def __init__(self, names: list[str]) -> None:
        self.names = names
        words = _("Your words name somebody who reported this or takes part in it: %(names)s. Take it out, or confirm "
                  "that it must stay.")  # fmt: skip
        super().__init__(words % {"names": ", ".join(names)})


def require_no_names(party: Party, text: str, confirmed: bool) -> None:
    """Raise NamesSomebody when `text` to `party` holds a name or address that no consent covers, unless `confirmed`."""
    if not confirmed and (found := names_in(party, text)):
        raise NamesSomebody(found)


def names_in(party: Party, text: str) -> list[str]:
    """Names and addresses of reporters and of other parties that stand in `text`, without those of `party` itself."""
    return [name for name in sorted(_names(party)) if _stands(name, text)]


def _names(party: Party) -> set[str]:
    others = Party.objects.filter(case=party.case_id, named=False, user__isnull=False).exclude(pk=party.pk)
    people = [one.user for one in others.select_related("user__guest") if one.user]
    reports = Report.objects.filter(case_report__case=party.case_id, channel__in=Report.BY_PEOPLE)
    reports = reports.exclude(reporter=party.user_id).select_related("reporter__guest").order_by("-pk")
    people += [one.reporter for one in reports[:MOST_REPORTERS]]
    senders = Sender.objects.filter(report__case_report__case=party.case_id).values_list("name", "contact")
    names = {word for pair in senders[:MOST_REPORTERS] for word in pair}
    for person in people:
        names |= {person.fullname, person.mail_address} | ({person.username} if not person.is_guest else set())
    return {name for name in names if len(name) >= SHORTEST_NAME} - _own(party)


def _own(party: Party) -> set[str]:
    user = party.user
    return {user.username, user.fullname, user.mail_address} if user else set()


def _stands(name: str, text: str) -> bool:
    """Whether `name` stands in `text` as a word of its own, in any case."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None
