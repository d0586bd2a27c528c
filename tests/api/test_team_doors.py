"""Who reaches what the team's programs read and change besides the verbs of a case (K1, C1)."""

import uuid

import pytest

from moderation.cases.models import Case, Event
from tests.api.conftest import code

NOBODY = uuid.UUID(int=7)
OF_CASE = {
    "reports": ("get", None),
    "attachments": ("get", None),
    f"attachments/{NOBODY}": ("get", None),
    "evidence": ("get", None),
    "locked": ("get", None),
    "locked/1/open": ("post", {"reason": "The authorities asked for it."}),
    "reveal": ("post", None),
    "priority": ("get", None),
    "options": ("get", None),
    "background": ("get", None),
    "answers": ("get", None),
    "answers/read": ("post", {"seen": 1}),
    f"reason-templates/{NOBODY}": ("get", None),
    "appeals": ("get", None),
}
OF_TEAM = {
    "cases/news": ("get", None),
    "lanes": ("get", None),
    "views/counts": ("get", None),
    "comfort": ("get", None),
    "weights": ("get", None),
    "flaggers": ("get", None),
    f"flaggers/{NOBODY}": ("get", None),
    f"people/{NOBODY}": ("get", None),
    f"people/{NOBODY}/measures": ("get", None),
    f"people/{NOBODY}/cases": ("get", None),
    f"people/{NOBODY}/appeals": ("get", None),
    f"people/{NOBODY}/appeal-limit": ("get", None),
    "undocumented": ("get", None),
    f"people/{NOBODY}/reporting-limit": ("delete", None),
    "rules": ("get", None),
    f"rules/{NOBODY}": ("get", None),
    f"rules/{NOBODY}/runs": ("get", None),
    f"rules/{NOBODY}/mode": ("put", {"mode": "off"}),
    "entries": ("post", {}),
    f"appeals/{NOBODY}/talk": ("get", None),
    f"appeals/{NOBODY}/answer": ("post", {"state": "upheld", "answer": "You were right."}),
    f"counter-statements/{NOBODY}/suit": ("post", None),
}


def ask(client, path, method, body):
    return getattr(client, method)(f"/api/v1/{path}", body)


@pytest.fixture
def strangers(program, client, reporter, moderator):
    """Somebody who is not of the team, and a token of a moderator that may not moderate."""
    return program(reporter, "write"), program(moderator, "write")


def test_only_programs_of_the_team(strangers, client, case):
    paths = {f"cases/{case.public_id}/{path}": what for path, what in OF_CASE.items()} | OF_TEAM
    for path, (method, body) in paths.items():
        assert [ask(one, path, method, body).status_code for one in strangers] == [403, 403], path
        assert getattr(client, method)(f"/api/v1/{path}").status_code == 401, path
    assert Event.objects.filter(case=case).count() == 1


def test_a_case_that_is_not_there_or_about_oneself(program, team, case, author, other_moderator):
    from accounts.actions import make_moderator
    from accounts.queries import system_actor

    make_moderator(author, actor=system_actor())
    own = program(type(author).objects.get(pk=author.pk), "moderate")
    for path, (method, body) in OF_CASE.items():
        missing = ask(team, f"cases/{uuid.uuid4()}/{path}", method, body)
        assert (missing.status_code, code(missing)) == (404, "not_found"), path
        assert ask(own, f"cases/{case.public_id}/{path}", method, body).status_code == 404, path
    assert Event.objects.filter(case=case).count() == 1


def test_things_that_are_not_there(team, case):
    for path, (method, body) in OF_TEAM.items():
        if str(NOBODY) in path:
            answer = ask(team, path, method, body)
            assert (answer.status_code, code(answer)) == (404, "not_found"), path
    for path in ("appeals", f"reason-templates/{NOBODY}", f"attachments/{NOBODY}"):
        assert ask(team, f"cases/{case.public_id}/{path}", "get", None).status_code == 404, path
    assert Case.objects.get().kind == Case.Kind.REVIEW
