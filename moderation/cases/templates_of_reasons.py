"""Templates of reasons: words with variables in braces, filled in for one case (D4)."""

import re
from collections.abc import Callable

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from foundation import clock
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.policy.queries import version_in_force
from moderation.subjects.names import name_of

_VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
# What each variable stands for, as the page of templates explains it.
VARIABLES = {
    "author": gettext_lazy("who answers for it"),
    "subject": gettext_lazy("what it is called"),
    "clause": gettext_lazy("the title of the clause"),
    "repository": gettext_lazy("the repository it is or lies in"),
    "date": gettext_lazy("the day of the decision"),
    "policy_version": gettext_lazy("the version of the policy in force"),
}


def variables_in(text: str) -> list[str]:
    """Everything between braces in `text`, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in _VARIABLE.findall(text)))


def unknown_in(text: str) -> list[str]:
    """The variables of `text` that we do not know."""
    return [name for name in variables_in(text) if name not in VARIABLES]


def list_of_known() -> str:
    """The known variables as a moderator writes them."""
    return ", ".join(f"{{{name}}}" for name in VARIABLES)


def fill(text: str, case: Case, clause: Clause | None, *, language: str | None = None) -> str:
    """`text` with its variables filled in for `case`, in `language`, else in the active one; unknown ones stay.

    At most two queries, for the date and the version of the policy; none for a text without variables.
    """
    wanted = variables_in(text)
    if not wanted:
        return text
    with translation.override(language or translation.get_language()):
        values = {name: _VALUES[name](case, clause) for name in wanted if name in _VALUES}
    return _VARIABLE.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def _author(case: Case, clause: Clause | None) -> str:
    """A person; of things of an organization its name."""
    author, home = case.subject.author, case.subject.home
    if author is not None:
        return author.username
    return str(home.namespace) if home else str(case.subject.target)


def _clause(case: Case, clause: Clause | None) -> str:
    return gettext((clause or case.clause).title)


def _repository(case: Case, clause: Clause | None) -> str:
    home = case.subject.home
    return home.full_name if home else _("this hub")


_VALUES: dict[str, Callable[[Case, Clause | None], str]] = {
    "author": _author,
    "subject": lambda case, clause: name_of(case.subject).what,
    "clause": _clause,
    "repository": _repository,
    "date": lambda case, clause: date_format(timezone.localtime(clock.now()), "DATE_FORMAT"),
    "policy_version": lambda case, clause: str(version_in_force()),
}
