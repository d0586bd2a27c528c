from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from foundation.text import clean_text
from repositories.access import require_manage
from repositories.card.gating import LONGEST_PROMPT
from repositories.gating import Field
from repositories.gating.fields import check_fields, clean_field
from repositories.models import AccessConditions, Repository

LONGEST_HEADING = 200
LONGEST_BUTTON = 60


@transaction.atomic
def set_conditions(
    repository: Repository,
    *,
    actor: User,
    heading: str = "",
    text: str = "",
    button: str = "",
    fields: Sequence[Field] = (),
    ask_again: bool = False,
) -> AccessConditions:
    """What the owner asks of whoever wants the files, in place of what the card states (A3); `text` is Markdown.

    Requests that were sent keep the conditions they were sent under. Raises Forbidden unless `actor` manages the
    repository, ValidationError for a text that is too long or a question that cannot be asked.
    """
    require_manage(repository, actor)
    questions = [clean_field(one.label, one.type, one.options) for one in fields]
    check_fields(questions)
    row, _created = AccessConditions.objects.update_or_create(
        repository=repository,
        defaults={
            "heading": " ".join(clean_text(heading, longest=LONGEST_HEADING).split()),
            "text": clean_text(text, longest=LONGEST_PROMPT),
            "button": " ".join(clean_text(button, longest=LONGEST_BUTTON).split()),
            "fields": [one.as_json() for one in questions],
            "ask_again": ask_again,
        },
    )
    return row


@transaction.atomic
def reset_conditions(repository: Repository, *, actor: User) -> None:
    """Let what the card states hold again. Raises Forbidden unless `actor` manages the repository."""
    require_manage(repository, actor)
    AccessConditions.objects.filter(repository=repository.pk).delete()
