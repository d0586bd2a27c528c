"""Templates of reasons where a decision is written."""

from django import template

from moderation.cases.choosing import Offered, offered
from moderation.cases.models import Case

register = template.Library()


@register.simple_tag
def offered_templates(case: Case) -> Offered:
    """The templates that are offered for `case`; one query."""
    return offered([case.clause_id])
