"""A reported picture is seen blurred, beside what classifiers said of it (D5)."""

import io

import pytest
from PIL import Image

from moderation.cases.models import Case
from moderation.subjects.files import file_seen
from moderation.subjects.models import Snapshot
from repositories.actions import commit
from repositories.models import Repository
from tests.classifiers.drawing import encoded, picture, png_bomb


@pytest.fixture
def reported(repository, owner, moderator, sign_in, report):
    """reported(b"…"): the client of a moderator, the address of the case, and that of the picture on it."""

    def make(data: bytes, path: str = "sample.PNG"):
        commit(repository, {path: data}, actor=owner, message="Add")
        repository.refresh_from_db()
        case = report(repository, "malware", seen=file_seen(repository, path, "", owner))
        snapshot = Snapshot.objects.get(title=path)
        return sign_in(moderator), case.get_absolute_url(), f"/cases/{case.public_id}/picture/{snapshot.pk}"

    return make


def test_it_is_small_blurred_and_in_no_cache(reported):
    client, page, address = reported(encoded(picture(900, 600)))
    assert address in client.get(page).content.decode()
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert "no-store" in response["Cache-Control"]
    assert Image.open(io.BytesIO(response.content)).size == (256, 170)


def test_the_page_says_what_classifiers_flagged_before_the_picture(reported, score):
    client, page, address = reported(encoded(picture()))
    assert "No classifier flagged this picture." in client.get(page).content.decode()
    score(Case.objects.get(), "gore", 0.9)
    text = client.get(page).content.decode()
    assert text.index("Classifiers flagged this picture: gore.") < text.index(address)


def test_what_cannot_be_decoded_is_said(reported):
    client, _page, address = reported(png_bomb(40_000, 40_000))
    assert client.get(address).status_code == 415


def test_what_is_no_picture_or_of_another_case_is_not_there(reported):
    client, page, address = reported(b"words", "notes.txt")
    assert "picture/" not in client.get(page).content.decode()
    assert client.get(address).status_code == 404
    assert client.get(address.rpartition("/")[0] + "/999999").status_code == 404


@pytest.mark.parametrize("change", [{"sealed": True}, {"erased": True}])
def test_what_is_locked_away_or_erased_has_no_picture(reported, change):
    client, _page, address = reported(encoded(picture()))
    Snapshot.objects.filter(title="sample.PNG").update(**change)
    assert client.get(address).status_code == 404


def test_of_a_repository_that_is_private_by_now_there_is_none(reported):
    client, page, address = reported(encoded(picture()))
    Repository.objects.update(visibility="private")
    assert client.get(address).status_code == 404
    assert address not in client.get(page).content.decode()


def test_others_see_nothing_of_it(reported, sign_in, owner):
    _client, _page, address = reported(encoded(picture()))
    assert sign_in(owner).get(address).status_code in (403, 404)
