"""The public log of a repository (J2, E3)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from foundation import clock
from moderation.cases.actions import lift_measure
from moderation.policy.lanes import CHILD_SAFETY
from moderation.sanctions.actions import impose, lift
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.actions import subject_of
from tests.api.conftest import program
from tests.reports.steps import WORDS, case_of, decided, reported

__all__ = ["program"]


def log(client, repository, page=""):
    response = client.get(f"{repository.get_absolute_url()}/moderation{page}")
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


CANARY = "zirkonfalke was here"


@pytest.fixture
def read_log(client, repository):
    """What everybody reads of the log: the page, and both addresses of the API."""

    def read() -> tuple[str, list[dict]]:
        address = repository.get_absolute_url()
        html = client.get(f"{address}/moderation").content.decode().partition("<h1>")[2]
        found = client.get(f"/api/v1/repositories/{repository.public_id}/moderation")
        assert found.json() == client.get(f"/api/v1/repositories/models{address}/moderation").json()
        return html, found.json().get("results", [])

    return read


@pytest.mark.parametrize("code", ["spam", "malware"])
def test_of_every_kind_nothing_private_is_there(
    code, read_log, repository, discussion, comment, author, moderator, clause
):
    """Sanctions never; of a confidential clause, and of a hold, that something is restricted, and no more (E3)."""
    moderator.groups.add(Group.objects.get(name=CHILD_SAFETY))  # who may take every kind
    about = clause(code)
    subjects = [subject_of(one) for one in (repository, discussion, comment, author)]
    for kind in KINDS.values():
        subject = next(one for one in subjects if kind.applies_to(one))
        options: dict[str, Any] = (
            {"asked_until": clock.now() + timedelta(3), "until_done": kind.conditions[0]} if kind.asks else {}
        )
        with transaction.atomic():
            measure = impose(kind.code, subject, clause=about, reason=CANARY, actor=moderator, **options)
            for _again in ("holds", "lifted"):
                html, rows = read_log()
                public = kind.logged and not kind.confidential(measure)
                assert (CANARY in f"{html}{rows}") <= public, kind
                assert "mira" not in f"{html}{rows}", kind
                if not public:
                    assert not ({kind.label, kind.code, about.title, about.code} & set(str(rows).split("'"))), kind
                    assert str(about.title) not in html, kind
                if _again == "holds":
                    lift(measure, reason=CANARY.upper(), actor=moderator)
            # Once it is lifted, and a removed one is there again: one line, of what may be read.
            (line,) = rows if kind.logged and (public or not kind.asks) else [None]
            said = measure.restriction.reason if measure.restriction else CANARY
            assert line is None or (line["state"], line["reason"]) == ("lifted", said if public else None), kind
            assert CANARY.upper() not in f"{html}{rows}", kind
            transaction.set_rollback(True)


def test_program_reads_what_would_lift_it_and_the_discussion(client, repository, reporter, moderator):
    decided(case_of(reported(repository, reporter, "spam")), moderator, "downgrade", clause="spam")
    (line,) = client.get(f"/api/v1/repositories/{repository.public_id}/moderation").json()["results"]
    assert (line["kind"], line["clause"], line["state"], line["discussion"]) == ("downgrade", "spam", "holds", 2)
    assert line["what_would_lift_it"].startswith("We lift it when the cause is gone")
    assert line["reason"] == WORDS


def test_log_is_paged_by_keyset_page_and_program(client, repository, moderator, clause, django_assert_max_num_queries):
    for _n in range(51):
        impose("hide_card", subject_of(repository), clause=clause("spam"), reason=CANARY, actor=moderator)
    with django_assert_max_num_queries(6):
        first = log(client, repository)
    following = re.search(r"\?after=[\w-]+", first)[0]
    assert (first.count("We hid the card"), first.count(CANARY)) == (0, 50)
    assert log(client, repository, following).count(CANARY) == 1
    address = f"/api/v1/repositories/{repository.public_id}/moderation"
    with django_assert_max_num_queries(6):
        page = client.get(address).json()
    (last,) = client.get(page["next"]).json()["results"]
    assert last not in page["results"]
    assert client.get(f"{address}?after=nonsense").status_code == 400


def test_program_finds_no_log_of_what_it_does_not_see(client, program, owner, repository):
    repository.visibility = "private"
    repository.save()
    address = f"/api/v1/repositories/{repository.public_id}/moderation"
    assert client.get(address).status_code == 404
    assert program(owner).get(address).json() == {"next": None, "results": []}
