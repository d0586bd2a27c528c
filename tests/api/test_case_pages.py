"""A case by program: a bounded first page of each of its lists, and all of each by pages (K1)."""

import io

import pytest
from PIL import Image

from accounts.models import InboxMessage
from foundation.api import KeysetPagination
from moderation.cases.actions import MeasureOrder, add_note, decide, receive_report
from moderation.cases.api import one_case
from moderation.cases.models import Case, Event, Exposure
from moderation.policy.models import Clause
from moderation.subjects.files import file_seen
from moderation.subjects.models import Snapshot
from repositories.actions import commit
from repositories.models import Repository
from tests.classifiers.drawing import encoded, picture

URL = "/api/v1/cases"


@pytest.fixture
def small(monkeypatch):
    """Pages of two."""
    monkeypatch.setattr(KeysetPagination, "size", 2)
    monkeypatch.setattr(one_case.FewPages, "size", 2)
    parts = {name: one_case.Part(part.rows, part.order, 2) for name, part in one_case.PARTS.items()}
    monkeypatch.setattr(one_case, "PARTS", parts)


@pytest.fixture
def long_case(case, comment, make_user, moderator, clause) -> Case:
    """With five reports and as many notes."""
    for number in range(4):
        receive_report(
            comment, clause=clause("harassment"), text=f"He does it again, {number}.", actor=make_user(f"r{number}")
        )
        add_note(case, text=f"Note {number}.", actor=moderator)
    case.refresh_from_db()
    return case


def all_of(team, address: str) -> list[dict]:
    found = []
    while address:
        answer = team.get(address).json()
        assert len(answer["results"]) <= 2
        found += answer["results"]
        address = answer["next"]
    return found


def test_the_first_page_says_where_it_goes_on(team, long_case, small):
    shown = team.get(f"{URL}/{long_case.public_id}").json()
    assert {name: len(shown[name]) for name in ("reports", "events", "snapshots")} == {
        "reports": 2, "events": 2, "snapshots": 1,
    }  # fmt: skip
    assert shown["next"]["snapshots"] is None
    assert (shown["report_count"], shown["event_count"]) == (5, Case.objects.get().event_count)
    for name in ("reports", "events"):
        beyond = all_of(team, shown["next"][name])
        whole = all_of(team, f"{URL}/{long_case.public_id}/{name}")
        keys = [one.get("report", one).get("id", one.get("number")) for one in shown[name] + beyond]
        assert keys == [one.get("report", one).get("id", one.get("number")) for one in whole]
        assert len(set(keys)) == len(whole) >= 5


@pytest.mark.parametrize("name", ["reports", "snapshots", "measures", "events", "decisions"])
def test_each_list_is_for_the_team(program, long_case, reporter, moderator, name):
    address = f"{URL}/{long_case.public_id}/{name}"
    assert program(moderator, "moderate").get(address).status_code == 200
    assert program(reporter, "write").get(address).status_code == 403
    assert program(moderator, "moderate").get(f"{address}?after=nonsense").status_code == 400


def test_a_long_case_costs_no_more_queries(team, long_case, django_assert_max_num_queries):
    team.get(f"{URL}/{long_case.public_id}")
    with django_assert_max_num_queries(18):
        team.get(f"{URL}/{long_case.public_id}")


# Pictures -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def reported(repository, owner, reporter):
    def make(data: bytes, path: str = "sample.png") -> tuple[Case, str]:
        commit(repository, {path: data}, actor=owner, message="Add")
        repository.refresh_from_db()
        clause = Clause.objects.get(code="malware")
        seen = file_seen(repository, path, "", owner)
        receive_report(repository, clause=clause, text="Look at it.", actor=reporter, seen=seen, confidential=True)
        case = Case.objects.get()
        return case, f"{URL}/{case.public_id}/pictures/{Snapshot.objects.get(title=path).pk}"

    return make


def test_a_picture_blurred_and_as_it_is(team, reported, moderator):
    case, address = reported(encoded(picture(900, 600)))
    Case.objects.update(clause=Clause.objects.get(code="non-consensual-sexual-content"))
    blurred = team.get(address)
    assert (blurred.status_code, blurred["Content-Type"]) == (200, "image/webp")
    assert "no-store" in blurred["Cache-Control"]
    assert Image.open(io.BytesIO(blurred.content)).size == (256, 170)
    assert not Exposure.objects.exists()
    assert Event.objects.filter(case=case, kind="evidence.read", actor=moderator).count() == 1
    sharp = team.get(address, {"sharp": "true"})
    assert Image.open(io.BytesIO(sharp.content)).size == (900, 600)
    assert Exposure.objects.filter(user=moderator, case=case).count() == 1


def test_no_picture_for_others_nor_of_what_is_closed(team, program, reported, owner):
    _case, address = reported(encoded(picture()))
    assert program(owner, "write").get(address).status_code == 403
    Repository.objects.update(visibility="private")
    assert team.get(address).status_code == 404
    Repository.objects.update(visibility="public")
    Snapshot.objects.update(sealed=True)
    assert team.get(address).status_code == 404


def test_what_cannot_be_decoded_is_said(team, reported):
    _case, address = reported(b"\x89PNG\r\n\x1a\nbroken")
    answer = team.get(address)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (415, "no_preview")


# What a second moderator is asked -------------------------------------------------------------------------------------


def test_who_confirms_reads_which_files_are_erased(
    program, make_repository, owner, reporter, moderator, other_moderator, clause
):
    survey = make_repository("survey")
    commit(survey, {"a.csv": b"1", "b.csv": b"2"}, actor=owner, message="Add data")
    survey.refresh_from_db()
    seen = file_seen(survey, "a.csv", "", reporter)
    receive_report(survey, clause=clause("children-data"), actor=reporter, text="Children are in it.", seen=seen)
    case = Case.objects.get()
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("children-data"),
        measures=[MeasureOrder("erase")], explanation="It lists children by their names.",
    )  # fmt: skip
    client = program(other_moderator, "moderate")
    (row,) = client.get("/api/v1/confirmations").json()["results"]
    assert (row["decision"]["id"], row["erased_files"]) == (str(decision.public_id), ["a.csv"])
    shown = client.get(f"/api/v1/decisions/{decision.public_id}/confirmation").json()
    assert shown["erased_files"] == ["a.csv"]
    assert [one["measure"] for one in shown["follows"]] == ["erase: destroyed for good"]
    assert shown["follows"][0]["consequence"]


# Finding, and opening what is private --------------------------------------------------------------------------------


def test_anything_of_the_desk_is_found(team, program, case, author, reporter, comment):
    found = {group["title"]: group["hits"] for group in team.get("/api/v1/search", {"q": "quentin"}).json()}
    assert found["Cases"][0]["address"].endswith(f"/cases/{case.public_id}")
    assert found["People"][0]["address"].endswith(f"/cases/people/{author.public_id}")
    (row,) = team.get(URL, {"q": str(comment.public_id)}).json()["results"]
    assert row["id"] == str(case.public_id)
    assert program(reporter, "write").get("/api/v1/search").status_code == 403


def test_what_is_private_is_opened_with_a_reason_and_closed(team, program, repository, owner, moderator):
    Repository.objects.update(visibility="private")
    address = f"/api/v1/repositories/{repository.public_id}/inspection"
    assert team.put(address, {"reason": "Hm."}).status_code == 409
    first, second = (team.put(address, {"reason": "Somebody reported a picture in it."}) for _ in range(2))
    assert (first.status_code, first.json()) == (200, second.json())
    told = InboxMessage.objects.filter(recipient=owner, key__startswith="inspection:")
    assert "Somebody reported a picture in it." in told.get().body
    assert [team.delete(address).status_code for _ in range(2)] == [204, 204]
    assert program(owner, "write").put(address, {"reason": "It is my own."}).status_code == 403
