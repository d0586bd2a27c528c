"""Whether the front matter of a card is as it should be, asked before it is committed (A5)."""

from django.http import HttpResponseBase

from hub.errors import HubError
from hub.protocol import HubRequest, answer, endpoint, sent
from repositories.card import CardProblem, errors_in, validate_card, warnings_in


@endpoint("POST", writes=False)
def validate(request: HubRequest) -> HttpResponseBase:
    """What is wrong with a README.md: errors stop the client, warnings are shown."""
    content = sent(request).get("content")
    if not isinstance(content, str):
        raise HubError(400, "content is missing")
    problems = validate_card(content)
    errors, warnings = errors_in(problems), warnings_in(problems)
    values = {"errors": [_said(one) for one in errors], "warnings": [_said(one) for one in warnings]}
    if errors:
        raise HubError(400, errors[0].message, more=values)
    return answer(values)


def _said(problem: CardProblem) -> dict[str, object]:
    return {"message": str(problem.message), "line": problem.line}
