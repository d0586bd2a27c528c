"""Searching the queue: words of what was reported, names, ids; only what one may see, never what is sealed."""

import uuid

import pytest
from django.db import connection

from community.actions import add_comment, edit_comment, open_discussion
from moderation.cases.actions import decide
from moderation.cases.models import Case
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
