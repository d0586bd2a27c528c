"""Contesting a decision, as the person affected and as a reporter (G2)."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.queries import system_actor
from moderation.appeals.models import Appeal
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Event
from moderation.policy.models import CONTEST_WITHIN
from tests.reports.steps import WORDS, case_of, decided, reported

SENT = {"text": "I was answering an insult, please read the thread."}


def test_the_statement_is_shown_in_full_with_its_deadline(sign_in, author, statement):
    html = sign_in(author).get(f"/appeal/{statement.public_id}").content.decode()
    for words in (WORDS, "Harassment and bullying", "version 1", "You can post again on", "You can contest this until"):
        assert words in html


def test_the_person_affected_contests_and_follows_it(sign_in, author, statement):
    client = sign_in(author)
    response = client.post(f"/appeal/{statement.public_id}", SENT, follow=True)
    appeal = Appeal.objects.get()
    assert response.redirect_chain == [(f"/appeals/{appeal.public_id}", 303)]
    html = response.content.decode()
    assert "We have your appeal" in html
    assert SENT["text"] in html
    assert Case.objects.get(kind="appeal").state == "open"
    assert Event.objects.get(kind="appeal.filed").actor == author


def test_a_reporter_contests_the_outcome(sign_in, reporter, refused_report):
    report, decision = refused_report
    client = sign_in(reporter)
    where = f"/appeals/decision/{decision.public_id}"
    assert where in client.get(f"/reports/{report.public_id}").content.decode()
    html = client.get(where).content.decode()
    assert "does not break our rules" in html
    assert WORDS not in html
    response = client.post(where, SENT)
    assert response.url == f"/appeals/{Appeal.objects.get().public_id}"
    assert f"{response.url}" in client.get(f"/reports/{report.public_id}").content.decode()


@pytest.mark.parametrize("who", ["reporter", "owner", "moderator", "admin"])
def test_a_statement_is_only_for_its_recipient(who, request, sign_in, statement):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/appeal/{statement.public_id}").status_code == 404
    assert client.post(f"/appeal/{statement.public_id}", SENT).status_code == 404
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("who", ["author", "owner", "moderator"])
def test_an_outcome_is_only_for_those_who_reported(who, request, sign_in, decision):
    client = sign_in(request.getfixturevalue(who))
    assert client.post(f"/appeals/decision/{decision.public_id}", SENT).status_code == 404
    assert not Appeal.objects.exists()


def test_an_appeal_is_only_for_its_appellant(sign_in, author, reporter, moderator, statement):
    sign_in(author).post(f"/appeal/{statement.public_id}", SENT)
    where = f"/appeals/{Appeal.objects.get().public_id}"
    assert sign_in(author).get(where).status_code == 200
    assert [sign_in(other).get(where).status_code for other in (reporter, moderator)] == [404, 404]


def test_forged_addresses_are_not_found_and_guests_sign_in(sign_in, author, client):
    for path in ("appeal", "appeals", "appeals/decision"):
        assert sign_in(author).get(f"/{path}/{uuid.uuid4()}").status_code == 404
        assert client.get(f"/{path}/{uuid.uuid4()}").status_code == 302


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Tell us why"),
        ("unfair", "Please write a sentence"),
        ("x" * 100_000, "This text has 100000 characters"),
        ("It was \u202enot me, look.", "invisible (U+202E)"),
        ("It was \x1bnot me, look.", "invisible (U+001B)"),
    ],
)
def test_bad_words_are_named_and_nothing_is_filed(text, says, sign_in, author, statement):
    response = sign_in(author).post(f"/appeal/{statement.public_id}", {"text": text})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Appeal.objects.exists()
    assert not Case.objects.filter(kind="appeal").exists()


def test_an_expired_form_is_explained(author, statement):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert "Nothing was changed" in client.post(f"/appeal/{statement.public_id}", SENT).content.decode()
    assert not Appeal.objects.exists()


def test_a_double_click_leads_to_the_one_appeal(sign_in, author, statement):
    client = sign_in(author)
    urls = {client.post(f"/appeal/{statement.public_id}", SENT).url for _ in range(2)}
    assert urls == {f"/appeals/{Appeal.objects.get().public_id}"}
    assert Event.objects.filter(kind="appeal.filed").count() == 1


@pytest.mark.parametrize("more", [{"text": "They also wrote to my mother."}, {"attachments": "proof.txt"}])
def test_other_words_than_those_that_began_it_are_kept(more, sign_in, author, statement):
    """Contested in another window meanwhile: what was written there is not sent, and not lost (G2)."""
    client, where = sign_in(author), f"/appeal/{statement.public_id}"
    assert client.post(where, SENT).status_code == 303
    if "attachments" in more:
        more = {"attachments": [SimpleUploadedFile(more["attachments"], b"the thread")]}
    response = client.post(where, {**SENT, **more})
    html = response.content.decode()
    assert response.status_code == 409
    assert "what you just wrote is not sent" in html
    assert f"{more.get('text', SENT['text'])}</textarea>" in html
    appeal = Appeal.objects.get()
    assert f'action="/appeals/{appeal.public_id}"' in html
    assert appeal.text == SENT["text"]


def test_words_are_shown_as_they_were_written(sign_in, author, statement):
    client = sign_in(author)
    html = client.post(f"/appeal/{statement.public_id}", {"text": "<script>x()</script> see"}, follow=True).content
    assert b"&lt;script&gt;x()&lt;/script&gt; see" in html


def test_after_the_deadline_it_says_so_and_takes_nothing(sign_in, author, statement, pass_time):
    client, where = sign_in(author), f"/appeal/{statement.public_id}"
    pass_time(CONTEST_WITHIN + timedelta(seconds=5))
    html = client.get(where).content.decode()
    assert "That time is over." in html
    assert "<textarea" not in html
    # The page answers with the form's refusal, not with a fault.
    assert client.post(where, SENT).status_code == 409
    assert not Appeal.objects.exists()


def test_contesting_joins_the_open_appeal_case_of_the_subject(sign_in, author, reporter, statement, decision):
    sign_in(author).post(f"/appeal/{statement.public_id}", SENT)
    sign_in(reporter).post(f"/appeals/decision/{decision.public_id}", SENT)
    assert Case.objects.get(kind="appeal").appeals.count() == 2


@pytest.fixture
def interim(report):
    """A rule stopped the author from posting, for the time being."""
    return decide(
        case_of(report),
        actor=system_actor(),
        version=case_of(report).version,
        outcome="violation",
        clause=report.clause,
        measures=[MeasureOrder("posting_ban")],
        explanation="Three people reported it and it reads like an insult.",
        interim=True,
    )


def test_what_a_rule_did_is_contested_by_the_person_affected(sign_in, author, interim):
    statement = author.statements.get()
    client = sign_in(author)
    assert "A rule decided this by itself" in client.get(f"/appeal/{statement.public_id}").content.decode()
    client.post(f"/appeal/{statement.public_id}", SENT)
    assert Appeal.objects.get().first_decider == system_actor()


def test_what_a_rule_did_is_not_the_reporters_outcome(sign_in, reporter, report, interim):
    client = sign_in(reporter)
    assert "Contest this outcome" not in client.get(f"/reports/{report.public_id}").content.decode()
    assert client.post(f"/appeals/decision/{interim.public_id}", SENT).status_code == 404


def test_both_admins_of_an_organization_get_their_own_statement(
    sign_in, organization, make_repository, owner, reporter, moderator
):
    repository = make_repository("shared", owner=organization)
    decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    html = sign_in(owner).get("/standing").content.decode()
    assert "mekong-lab/shared" in html


def test_pages_cost_few_queries(sign_in, author, statement, django_assert_max_num_queries):
    client = sign_in(author)
    with django_assert_max_num_queries(12):
        client.get(f"/appeal/{statement.public_id}")
    client.post(f"/appeal/{statement.public_id}", SENT, follow=True)
    own = f"/appeals/{Appeal.objects.get().public_id}"
    with django_assert_max_num_queries(10):
        client.get(own)
