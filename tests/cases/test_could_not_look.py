"""What no classifier could look into is told to the team as that, and passes nowhere for harmless (H5, H3)."""

import pytest

from moderation.automation.pipeline import score_pending
from moderation.cases.models import Case
from moderation.scoring.models import Score, ScoreRequest
from moderation.subjects.files import content_of_file
from repositories.actions import commit
from tests.api.conftest import program

__all__ = ["program"]

RAR = b"Rar!\x1a\x07\x01\x00" + bytes(64)


@pytest.fixture
def of_file(report, repository, owner, settings):
    """of_file("a.rar", bytes): a case about a file, read by the classifiers of files and pictures."""
    settings.CLASSIFIERS = [
        {"name": "scanner", "kind": "file", "engine": "files"},
        {"name": "pictures", "kind": "image", "engine": "pdq", "options": {"lists": {"known": ["f" * 64]}}},
    ]

    def make(name: str, data: bytes) -> Case:
        commit(repository, {name: data}, actor=owner, message="Add")
        case = report(repository, "malware", seen=content_of_file(repository, name))
        [snapshot] = case.subject.snapshots.all()
        ScoreRequest.objects.all().delete()
        for code in ("scanner@1", "pictures@1"):
            if code == "scanner@1" or name.endswith(".png"):
                ScoreRequest.objects.create(snapshot=snapshot, classifier=code)
        return case

    return make


def said(client, api, case) -> tuple[str, list[str]]:
    page = client.get(case.get_absolute_url()).content.decode()
    return page, api.get(f"/api/v1/cases/{case.public_id}/evidence").json()["evidence"]["unread"]


@pytest.mark.parametrize(
    ("name", "data", "unread"),
    [
        ("model.rar", RAR, ["scanner"]),
        ("model.bin", b"\x28\xb5\x2f\xfd" + b"\xff" * 90, ["scanner"]),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(90), ["pictures"]),
    ],
)
def test_the_team_is_told_that_it_could_not_be_looked_into(name, data, unread, of_file, moderator, sign_in, program):
    case = of_file(name, data)
    client, api = sign_in(moderator), program(moderator, "moderate")
    page, found = said(client, api, case)
    assert ("Not scored yet" in page, found) == (True, [])
    assert score_pending() == (2 if name == "photo.png" else 1)
    page, found = said(client, api, case)
    assert found == unread
    assert "could not be looked into" in page
    assert "That is no sign that it is harmless." in page
    assert "Not scored yet" not in page
    assert "No classifier flagged this picture" not in page


def test_of_what_was_read_nothing_is_said(of_file, moderator, sign_in, program):
    case = of_file("notes.txt", b"Just words.")
    score_pending()
    page, found = said(sign_in(moderator), program(moderator, "moderate"), case)
    assert Score.objects.exists()
    assert (found, "could not be looked into" in page) == ([], False)
