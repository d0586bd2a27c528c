"""A reported picture is seen blurred, beside what classifiers said of it, and as it is once that is asked for (D5)."""

import io

import pytest
from PIL import Image

from moderation.automation.pipeline import score_pending
from moderation.cases.comfort import choose_comfort
from moderation.cases.models import Case, Exposure
from moderation.policy.models import Clause
from moderation.scoring.actions import erase_scored, withdraw_snapshot
from moderation.scoring.models import BlurredPreview
from moderation.scoring.previews import make_previews
from moderation.subjects.files import file_seen
from moderation.subjects.models import Snapshot
from repositories.actions import commit
from repositories.actions.inspection import inspect
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


def test_a_worker_makes_the_preview_when_it_was_scored_and_the_page_shows_that_one(reported, monkeypatch):
    client, _page, address = reported(encoded(picture(900, 600)))
    score_pending()
    assert (make_previews(), make_previews()) == (1, 0)
    row = BlurredPreview.objects.get()
    assert Image.open(io.BytesIO(bytes(row.webp))).size == (256, 170)
    monkeypatch.setattr("moderation.cases.pictures.preview_of", pytest.fail)
    assert client.get(address).content == bytes(row.webp)


def test_scoring_a_text_asks_for_no_preview(report, discussion):
    report(discussion, "spam")
    score_pending()
    assert not BlurredPreview.objects.exists()


def test_what_cannot_be_decoded_is_known_to_the_worker(reported):
    client, _page, address = reported(png_bomb(40_000, 40_000))
    score_pending()
    make_previews()
    assert not BlurredPreview.objects.get().webp
    assert client.get(address).status_code == 415


@pytest.mark.parametrize("forget", [withdraw_snapshot, lambda one: erase_scored(Snapshot.objects.filter(pk=one.pk))])
def test_what_is_locked_away_or_erased_leaves_no_preview(reported, forget):
    reported(encoded(picture()))
    score_pending()
    make_previews()
    forget(Snapshot.objects.get(title="sample.PNG"))
    assert not BlurredPreview.objects.exists()


def test_what_is_locked_away_meanwhile_gets_none(reported):
    reported(encoded(picture()))
    score_pending()
    Snapshot.objects.update(sealed=True)
    assert make_previews() == 0
    assert not BlurredPreview.objects.exists()


def test_as_it_is_it_is_opened_by_choice_and_counts(reported, moderator, owner):
    client, page, address = reported(encoded(picture(900, 600)))
    Case.objects.update(clause=Clause.objects.get(code="non-consensual-sexual-content"))
    text = client.get(page).content.decode()
    assert f'src="{address}/sharp"' in text.partition('<details class="reveal">')[2]
    seen = Exposure.objects.count()
    response = client.get(f"{address}/sharp")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert "no-store" in response["Cache-Control"]
    assert Image.open(io.BytesIO(response.content)).size == (900, 600)
    assert Exposure.objects.count() == max(seen, 1)


def test_who_wants_nothing_blurred_sees_it_at_once(reported, moderator):
    client, page, address = reported(encoded(picture()))
    choose_comfort(blur=False, greyscale=True, fold=True, opted_out=[], budget=None, actor=moderator)
    text = client.get(page).content.decode()
    assert f'src="{address}/sharp"' in text
    assert f'src="{address}"' not in text
    assert 'class="reveal"' not in text


def test_of_a_kind_that_we_make_no_copies_of_only_the_blurred_one_is_shown(reported):
    client, page, address = reported(encoded(picture(), "BMP"), "sample.bmp")
    assert 'class="reveal"' not in client.get(page).content.decode()
    assert client.get(f"{address}/sharp").status_code == 415


def test_who_opened_a_private_repository_with_a_reason_sees_its_picture(reported, repository, moderator):
    client, _page, address = reported(encoded(picture()))
    Repository.objects.update(visibility="private")
    inspect(repository, reason="Somebody reported a picture in it.", actor=moderator)
    assert {client.get(one).status_code for one in (address, f"{address}/sharp")} == {200}
