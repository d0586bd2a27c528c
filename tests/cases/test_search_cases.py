"""Searching the queue: words of what was reported, names, ids; only what one may see, never what is sealed."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.queries import system_actor
from community.actions import add_comment, edit_comment, open_discussion
from moderation.cases.actions import decide
from moderation.cases.models import Case, JournalEvent
from moderation.cases.searching import digest_of
from moderation.subjects.models import SEARCHED, Snapshot
from tests.cases.test_queue import listed


@pytest.fixture
def found(sign_in, moderator):
    """found("words", lane="open"): the ids that the queue lists."""

    def search(words: str, **more: str) -> list[str]:
        return listed(sign_in(moderator).get("/cases", {"q": words, **more}))

    return search


@pytest.fixture
def title(repository, author, report) -> Case:
    return report(open_discussion(repository, title="Wombats in the cellar", text="Nobody wants them.", actor=author))


@pytest.mark.parametrize("words", ["idiots", "IDIOTS", "shut idiots", "quentin idiots", "diot", "tiny-model idiots"])
def test_words_find_what_was_reported(found, case, title, words):
    assert found(words) == [str(case.public_id)]


@pytest.mark.parametrize("words", ["wombats", "cellar nobody", "quentin wombats", "iris wombats"])
def test_titles_and_names_are_found_too(found, case, title, words):
    assert found(words) == [str(title.public_id)]


def test_every_word_has_to_be_found(found, case, title):
    assert found("idiots wombats") == []
    assert found("100% idiots") == []


def test_what_was_edited_away_is_found_as_it_was_reported(found, case, author):
    edit_comment(case.subject.comment, text="Have a nice day, all of you.", actor=author)
    assert found("idiots") == [str(case.public_id)]


def test_ids_of_cases_reports_and_decisions(found, case, title, moderator):
    report_id = case.case_reports.get().report.public_id
    assert found(str(case.public_id)) == [str(case.public_id)]
    assert found(f"https://hub.example/reports/{report_id}") == [str(case.public_id)]
    decision = decide(
        case, actor=moderator, version=case.version, outcome="no_violation", explanation="Only a figure of speech."
    )
    assert found(str(decision.public_id), lane="decided") == [str(case.public_id)]
    assert found(str(uuid.uuid4())) == []
    assert found(str(title.subject.discussion.public_id)) == [str(title.public_id)]
    assert found(str(case.subject.comment.public_id), lane="decided") == [str(case.public_id)]


def test_words_and_filters_narrow_together(found, case, title):
    assert found("quentin", kind="discussion") == [str(title.public_id)]
    assert found("idiots", kind="discussion") == []


def test_short_words_are_refused_kindly(sign_in, moderator, case):
    page = sign_in(moderator).get("/cases?q=an+idiots")
    assert "“an” is too short" in page.content.decode()
    assert listed(page) == [str(case.public_id)]


@pytest.mark.parametrize("words", ["%%%", "___", "'; DROP", "a" * 500, "x y z", "one two three four five six seven"])
def test_odd_words_are_no_fault(sign_in, moderator, case, words):
    assert sign_in(moderator).get("/cases", {"q": words}).status_code == 200


def test_sealed_words_are_never_found(found, case):
    Snapshot.objects.filter(subject=case.subject).update(sealed=True)
    assert found("idiots") == []
    assert found("tiny-model") == [str(case.public_id)]  # by its name, for those who may see it


def test_a_case_about_oneself_is_not_found(sign_in, author, moderator, other_moderator, discussion, report):
    own = report(add_comment(discussion, text="A moderator said wombats.", actor=moderator))
    assert listed(sign_in(moderator).get("/cases?q=wombats")) == []
    assert listed(sign_in(other_moderator).get("/cases?q=wombats")) == [str(own.public_id)]


def test_at_most_twelve_queries_with_words(sign_in, moderator, case, django_assert_max_num_queries):
    client = sign_in(moderator)
    with django_assert_max_num_queries(12):
        client.get("/cases?q=idiots+quentin&kind=comment&clause=harassment")


def test_the_words_walk_the_index(case):
    rows = Snapshot.objects.alias(searched=SEARCHED).filter(searched__icontains="idiots").order_by()
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "snapshot_search" in plan


# By who reported it: a reading of what is confidential (J6) ----------------------------------------------------------


def searches(person) -> list[dict]:
    return [one.data for one in JournalEvent.objects.filter(kind="search.by_reporter", actor=person).order_by("pk")]


def test_a_search_by_a_reporter_is_an_event(found, case, reporter, moderator):
    name = reporter.username
    assert found("idiots") == [str(case.public_id)]
    assert found("quentin") == [str(case.public_id)]
    assert searches(moderator) == []
    assert found(name) == [str(case.public_id)]
    (said,) = searches(moderator)
    assert said == {"by": "reporter", "words": [digest_of(name)]}
    assert name not in str(said)
    found(f"{name.upper()} idiots")  # the same name within ten minutes
    assert len(searches(moderator)) == 1


@pytest.mark.parametrize("way", ["/cases?q={}", "/api/v1/cases?q={}", "/cases/palette?q={}"])
def test_by_every_way(sign_in, program_of, case, reporter, moderator, way):
    client = program_of(moderator) if way.startswith("/api") else sign_in(moderator)
    assert client.get(way.format(reporter.username)).status_code == 200
    assert len(searches(moderator)) == 1


def test_after_a_while_it_is_another_one(found, case, reporter, moderator, pass_time):
    found(reporter.username)
    pass_time(timedelta(minutes=11))
    found(reporter.username)
    assert len(searches(moderator)) == 2


def test_who_reported_nothing_is_no_secret(found, case, author, moderator):
    found(author.username)
    assert searches(moderator) == []


@pytest.fixture
def program_of():
    def make(person):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(person, scope='moderate', actor=system_actor())}")
        return client

    return make
