"""The public log of a repository (J2, E3)."""

import pytest

from moderation.cases.actions import lift_measure
from moderation.sanctions.models import Measure
from tests.reports.steps import WORDS, case_of, decided, reported


def log(client, repository):
    response = client.get(f"{repository.get_absolute_url()}/moderation")
    assert response.status_code == 200
    # The frame above says how the repository may be reached; the log is what follows.
    return " ".join(response.content.decode().partition("<h1>")[2].split())


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_every_kind_has_one_for_everybody(kind, client, make_repository):
    assert "has taken no measure" in log(client, make_repository("thing", kind=kind))


def test_a_public_measure_is_explained(client, repository, reporter, moderator):
    decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    html = log(client, repository)
    for words in ("Downgrade: left out of trending", "holds until we lift it", WORDS, "Spam and bulk activity"):
        assert words in html
    assert f"{repository.get_absolute_url()}/discussions/2" in html


def test_a_confidential_clause_says_restricted_and_nothing_more(client, repository, reporter, moderator):
    decided(case_of(reported(repository, reporter, "malware")), moderator, "disable", clause="malware")
    html = log(client, repository)
    assert "Restricted" in html
    for words in ("Malware", "disable", "Disable", WORDS, "/discussions/1", "mira"):
        assert words not in html


def test_sanctions_on_people_are_private(client, repository, reporter, moderator, comment):
    decided(case_of(reported(repository, reporter)), moderator, "posting_ban")
    decided(case_of(reported(comment, reporter)), moderator, "friendly_warning")
    assert Measure.objects.count() == 2
    assert "has taken no measure" in log(client, repository)


@pytest.mark.parametrize("code", ["spam", "malware"])
def test_a_lifted_measure_is_shown_as_lifted(code, client, repository, reporter, moderator):
    decided(case_of(reported(repository, reporter, code)), moderator, "downgrade", clause=code)
    lift_measure(Measure.objects.get(), reason="Words for the owner only.", actor=moderator)
    html = log(client, repository)
    assert ">lifted<" in html
    assert "Words for the owner only." not in html


def test_a_private_repository_is_not_found(client, sign_in, owner, repository):
    repository.visibility = "private"
    repository.save()
    assert client.get(f"{repository.get_absolute_url()}/moderation").status_code == 404
    assert "has taken no measure" in log(sign_in(owner), repository)


def test_a_repository_called_moderation_keeps_its_page(client, make_repository):
    dataset = make_repository("moderation", kind="dataset")
    assert "has taken no measure" not in client.get(dataset.get_absolute_url()).content.decode()
    assert "has taken no measure" in log(client, dataset)


def test_queries_do_not_grow(client, repository, make_user, moderator, django_assert_max_num_queries):
    for number, code in enumerate(("spam", "cryptomining", "malware")):
        decided(case_of(reported(repository, make_user(f"r{number}"), code)), moderator, "downgrade", clause=code)
    with django_assert_max_num_queries(6):
        log(client, repository)
