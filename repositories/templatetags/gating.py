"""The click-through of a gated repository, wherever a page of it offers its files."""

from typing import Any

from django import template

from repositories.gating import can_ask, conditions_of, email_of, shown_answer
from repositories.gating_forms import AskForm
from repositories.models import Gating

register = template.Library()
register.filter("answer", shown_answer)
register.filter("email_of", email_of)


@register.inclusion_tag("repositories/gating/ask.html", takes_context=True)
def ask_access(context: dict[str, Any], *, folded: bool = False) -> dict[str, Any]:
    """What the viewer can do about gated files, or how the request stands; nothing where nothing is to be asked.

    Needs `repository` and `access` (render_page gives both); a bound form may come as `ask_form`. One query.
    """
    repository, found, request = context["repository"], context["access"], context["request"]
    if repository.gating == Gating.NONE or found.disabled or (found.files and not found.request):
        return {}
    conditions = conditions_of(repository)
    asks = can_ask(repository, found, conditions)
    form = context.get("ask_form") or AskForm(conditions)
    return {
        "repository": repository,
        "asked": found.request,
        "conditions": conditions,
        "automatic": repository.gating == Gating.AUTO,
        "form": form if asks and request.user.is_authenticated else None,
        "sign_in": asks and not request.user.is_authenticated,
        "folded": folded,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
