"""Finding the clause by plain questions, step by step, without losing what was written (C1, J5)."""

import re

import pytest
from django.http import QueryDict

from moderation.policy.models import Clause
from moderation.policy.questions import QUESTIONS
from moderation.reports.models import Report
from moderation.subjects.models import TARGETS

CODES = {answer.clause for question in QUESTIONS for answer in question.answers}


@pytest.fixture(params=TARGETS)
def target(request):
    return request.getfixturevalue({"user": "author"}.get(request.param, request.param))


def links(html):
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*)"', html)]


def fits(kind):
    """The clauses that some answer names for subjects of this kind."""
    answers = [answer for question in QUESTIONS for answer in question.answers]
    return {answer.clause for answer in answers if not answer.kinds or kind in answer.kinds}


def test_every_clause_is_named_by_an_answer(db):
    assert set(Clause.objects.values_list("code", flat=True)) == CODES


def test_every_clause_that_fits_is_reached_by_following_links(target, sign_in, reporter, address):
    client, at = sign_in(reporter), address(target)
    pages = [client.get(at + about).content.decode() for about in links(client.get(at).content.decode())]
    found = [QueryDict(link[1:]) for page in pages for link in links(page) if "clause=" in link]
    assert {query["clause"] for query in found} == fits(type(target).__name__.lower())
    # Each with what it was found under, so that its words stay the same.
    last = client.get(f"{at}?{found[-1].urlencode()}")
    assert last.context["step"] == "form"
    assert last.context["topic"].code == found[-1]["about"]


def test_a_clause_of_an_administrator_is_found_under_something_else(sign_in, reporter, comment, address):
    new = Clause.objects.get(code="spam")
    new.pk, new.code, new.title = None, "loud-music", "Loud music"
    new.save()
    page = sign_in(reporter).get(f"{address(comment)}?about=other")
    assert "Loud music" in page.content.decode()
    assert "clause=loud-music" in page.content.decode()


def test_a_retired_clause_is_asked_no_more(sign_in, reporter, comment, address):
    Clause.objects.filter(code__in=["minors-sexual-content", "children-data"]).update(active=False)
    html = sign_in(reporter).get(address(comment)).content.decode()
    assert "It is about children" not in html
    assert "It hurts, threatens or insults people" in html


@pytest.mark.parametrize(
    ("query", "step"),
    [
        ("", "about"),
        ("?about=people", "clause"),
        ("?about=nonsense", "about"),
        ("?clause=harassment", "form"),
        ("?about=people&clause=nonsense", "clause"),
        ("?clause=nonsense", "about"),
        ("?about=rights&clause=harassment", "form"),
    ],
)
def test_every_step_is_an_address(query, step, sign_in, reporter, comment, address):
    response = sign_in(reporter).get(address(comment) + query)
    assert response.status_code == 200
    assert response.context["step"] == step


def test_the_selected_words_come_along(sign_in, reporter, comment, address):
    client, at = sign_in(reporter), address(comment)
    query = "?passage=You+people+are+idiots&about=people"
    [choice] = [link for link in links(client.get(at + query).content.decode()) if "harassment" in link]
    html = " ".join(client.get(at + choice).content.decode().split())
    assert "> You people are idiots</textarea>" in html


def test_what_was_written_survives_another_choice(sign_in, reporter, comment, form, address):
    client, at = sign_in(reporter), address(comment)
    written = form(clause="spam", about="deception", links="https://example.org/a", danger="on", text="bad")
    first = client.post(at, {**written, "step": "about"})
    assert first.context["step"] == "about"
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first.content.decode()))
    second = client.post(at, {**kept, "about": "people", "step": "clause"})
    assert second.context["step"] == "clause"
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', second.content.decode()))
    third = client.post(at, {**kept, "about": "people", "clause": "harassment", "step": "form"})
    shown = third.context["form"]
    assert shown["text"].value() == "bad"
    assert shown["links"].value() == "https://example.org/a"
    assert shown["danger"].value()
    assert shown["request_id"].value() == written["request_id"]
    assert not shown.errors
    assert not Report.objects.exists()


def test_changing_the_choice_loses_nothing_by_markup(sign_in, reporter, comment, form, address):
    html = sign_in(reporter).post(address(comment), form(text='"><script>x()</script>', step="about")).content.decode()
    assert "<script>x()" not in html
    assert "&quot;&gt;&lt;script&gt;x()" in html


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("children-data", "<strong>The comment is hidden at once</strong>"),
        ("children-data", "decides within an hour"),
        ("non-consensual-sexual-content", "decides within 48 hours"),
        ("minors-sexual-content", "locked away"),
        ("spam", "There is no fixed time for this"),
        ("self-harm", "call the emergency services"),
    ],
)
def test_what_happens_next_is_said_before_sending(clause, says, sign_in, reporter, comment, address):
    html = " ".join(sign_in(reporter).get(f"{address(comment)}?clause={clause}").content.decode().split())
    assert says in html


def test_a_repository_is_never_hidden_by_a_report(sign_in, reporter, repository, address):
    html = sign_in(reporter).get(f"{address(repository)}?clause=children-data").content.decode()
    assert "The files stay where they are" in html


@pytest.mark.parametrize("query", ["", "?about=people", "?clause=spam"])
def test_steps_cost_few_queries(query, sign_in, reporter, repository, address, django_assert_max_num_queries):
    client = sign_in(reporter)
    with django_assert_max_num_queries(9):
        client.get(address(repository) + query)
