"""What the card says, for the page of a repository (A5)."""

from typing import Any

from repositories.access import Access
from repositories.card import errors_in, license_of, validate_card, warnings_in
from repositories.card.categories import categories_of
from repositories.holding import card_of
from repositories.models import Repository


def what_it_says(repository: Repository, found: Access) -> dict[str, Any]:
    """Context of templates/repositories/card/*.html.

    Only whoever can change the card has its front matter checked: the YAML of a stranger is not read for every visitor.
    """
    text = card_of(repository) if found.edit else ""
    problems = validate_card(text) if text else []
    return {
        "license": license_of(repository.license),
        "categories": categories_of(repository.ethical_categories),
        "card_errors": errors_in(problems),
        "card_warnings": warnings_in(problems),
    }
