"""A picture that a reporter sent is seen blurred, made so by a worker, and as it is once that is asked for (D5, J6)."""

import importlib
import io
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.actions import create_token
from accounts.queries import system_actor
from classifiers.images.previews import blurred_preview
from foundation import bells
from foundation.work import claim
from moderation.cases.actions.changed_reports import add_own_file
from moderation.cases.models import Event
from moderation.reports.actions.erasing import destroy_file, erase_reports
from moderation.reports.actions.evidence import EvidenceFile, path_of
from moderation.reports.models import Attachment, BlurredAttachment, Report
from moderation.reports.previews import blur_attachments
from moderation.scoring.previews import LEASE
from moderation.subjects.models import Snapshot
from tests.classifiers.drawing import encoded, picture, png_bomb
from tests.reports.steps import case_of, reported

BROKEN = b"\x89PNG\r\n\x1a\n" + b"broken " * 20


@pytest.fixture
def attached(comment, reporter, moderator, sign_in):
    """attached(b"…"): a moderator's client, the page of the case, and the address of the file on it."""

    def make(data: bytes, name: str = "shot.png", kind: str = "image/png"):
        report = Report.objects.first() or reported(comment, reporter)
        file, _new = add_own_file(report, EvidenceFile(name, kind, data), most=3, actor=reporter)
        case = case_of(report)
        address = f"/cases/{case.public_id}/attachments/{file.public_id}"
        return sign_in(moderator), case.get_absolute_url(), address

    return make


def test_a_picture_that_a_reporter_sent_is_looked_at_in_place_and_each_look_is_an_event(attached):
    client, page, address = attached(encoded(picture(900, 600)))
    text = client.get(page).content.decode()
    for part in ("Look at it here; that is logged", f'src="{address}/blurred"', f'src="{address}/sharp"'):
        assert part in text
    looks = Event.objects.filter(kind="evidence.read", data__what__0__startswith="attachment:")
    assert not looks.exists()
    sizes = [Image.open(io.BytesIO(client.get(f"{address}/{how}").content)).size for how in ("blurred", "sharp")]
    assert sizes == [(256, 170), (900, 600)]
    assert looks.count() == 1


def test_what_is_no_picture_is_a_download_only(attached):
    client, page, address = attached(b"Words of a letter.", "letter.txt", "text/plain")
    assert f"{address}/blurred" not in client.get(page).content.decode()
    assert {client.get(f"{address}/{how}").status_code for how in ("blurred", "sharp")} == {404}


def test_pictures_of_reporters_are_for_who_sees_the_case(attached, sign_in, owner, client):
    _client, _page, address = attached(encoded(picture()))
    for how in ("blurred", "sharp"):
        assert sign_in(owner).get(f"{address}/{how}").status_code == 404
        elsewhere = address.replace(address.split("/")[2], "00000000-0000-4000-8000-000000000000")
        assert _client.get(f"{elsewhere}/{how}").status_code == 404


def test_a_damaged_picture_of_a_reporter_is_said(attached):
    client, _page, address = attached(b"\x89PNG\r\n\x1a\n" + b"broken " * 20)
    assert {client.get(f"{address}/{how}").status_code for how in ("blurred", "sharp")} == {415}


# What a worker made ---------------------------------------------------------------------------------------------------


@pytest.fixture
def nothing_is_opened(monkeypatch):
    """nothing_is_opened(): from now on a page that opens a file, or decodes it, fails."""

    def forbid():
        for name in ("decrypted", "blurred_preview"):
            monkeypatch.setattr(f"moderation.cases.pictures.{name}", pytest.fail)

    return forbid


def test_a_worker_blurs_it_once_and_the_page_shows_that_one(attached, nothing_is_opened):
    client, _page, address = attached(encoded(picture(900, 600)))
    assert (blur_attachments(), blur_attachments()) == (1, 0)
    row = BlurredAttachment.objects.get()
    assert Image.open(io.BytesIO(bytes(row.webp))).size == (256, 170)
    nothing_is_opened()
    response = client.get(f"{address}/blurred")
    assert response.content == bytes(row.webp)
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(kind="evidence.read", data__what__0__startswith="attachment:").count() == 1


def test_programs_get_the_same(attached, nothing_is_opened, moderator, client):
    _client, _page, address = attached(encoded(picture()))
    blur_attachments()
    nothing_is_opened()
    bearer = f"Bearer {create_token(moderator, scope='moderate', actor=system_actor())}"
    answer = client.get(f"/api/v1{address}/picture", HTTP_AUTHORIZATION=bearer)
    assert (answer.status_code, answer.content) == (200, bytes(BlurredAttachment.objects.get().webp))
    assert Event.objects.filter(kind="evidence.read", data__what__0__startswith="attachment:").count() == 1


def test_what_was_made_is_for_who_sees_the_case(attached, sign_in, owner, client):
    own, _page, address = attached(encoded(picture()))
    blur_attachments()
    elsewhere = address.replace(address.split("/")[2], "00000000-0000-4000-8000-000000000000")
    assert own.get(f"{elsewhere}/blurred").status_code == 404
    assert sign_in(owner).get(f"{address}/blurred").status_code == 404


def test_until_then_it_is_blurred_for_whoever_asks(attached):
    client, _page, address = attached(encoded(picture(900, 600)))
    assert BlurredAttachment.objects.get().done_at is None
    shown = client.get(f"{address}/blurred").content
    blur_attachments()
    assert shown == bytes(BlurredAttachment.objects.get().webp)


def test_looking_costs_the_same_as_before_it_was_made(attached):
    client, _page, address = attached(encoded(picture()))
    client.get(f"{address}/blurred")  # the reading is noted once
    with CaptureQueriesContext(connection) as before:
        client.get(f"{address}/blurred")
    blur_attachments()
    with CaptureQueriesContext(connection) as since:
        client.get(f"{address}/blurred")
    assert len(since) == len(before)


@pytest.mark.parametrize("data", [BROKEN, png_bomb(40_000, 40_000)], ids=["broken", "bomb"])
def test_what_cannot_be_decoded_is_known_and_not_tried_again(attached, data, nothing_is_opened, pass_time):
    client, _page, address = attached(data)
    blur_attachments()
    row = BlurredAttachment.objects.get()
    assert (bytes(row.webp), bool(row.verdict), bool(row.done_at)) == (b"", True, True)
    pass_time(timedelta(days=1))
    assert blur_attachments() == 0
    nothing_is_opened()
    assert client.get(f"{address}/blurred").status_code == 415


def test_what_is_no_picture_is_not_asked_about(attached):
    attached(b"Words of a letter.", "letter.txt", "text/plain")
    assert not BlurredAttachment.objects.exists()


def test_a_report_without_files_asks_for_nothing(comment, reporter):
    with CaptureQueriesContext(connection) as asked:
        reported(comment, reporter)
    assert not [one for one in asked if "blurredattachment" in one["sql"]]


# Work -----------------------------------------------------------------------------------------------------------------


def test_a_lost_bell_is_rung_again_by_the_sweep(attached):
    attached(encoded(picture()))
    assert "blur_attachments" in bells.rung
    importlib.import_module("moderation.reports.tasks")
    bells.answered["blur_attachments"]()  # as the sweep's message makes a worker do
    assert BlurredAttachment.objects.get().done_at


def test_who_is_killed_leaves_it_to_another_once_the_lease_ran_out(attached, pass_time):
    attached(encoded(picture()))
    assert claim(BlurredAttachment.objects.all(), limit=1, lease=LEASE)
    assert blur_attachments() == 0
    pass_time(LEASE + timedelta(seconds=1))
    assert blur_attachments() == 1


def test_one_that_fails_is_tried_again_later_and_holds_up_no_other(attached, pass_time):
    attached(encoded(picture()))
    attached(encoded(picture(90, 60)), "other.png")
    first = Attachment.objects.order_by("pk").first()
    right = bytes(first.key)
    Attachment.objects.filter(pk=first.pk).update(key=Fernet.generate_key())
    assert blur_attachments() == 1
    assert "InvalidToken" in BlurredAttachment.objects.get(attachment=first).last_error
    Attachment.objects.filter(pk=first.pk).update(key=right)
    pass_time(timedelta(hours=1))
    assert blur_attachments() == 1


def test_what_came_in_before_there_was_a_worker_for_it_is_asked_about(attached, reporter, discussion):
    attached(encoded(picture()))
    attached(b"Words of a letter.", "letter.txt", "text/plain")
    BlurredAttachment.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("moderation.reports.migrations.0010_blur_what_is_open").ASK)
    assert blur_attachments() == 1
    assert BlurredAttachment.objects.get().attachment.name == "shot.png"


# Destroyed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [True, False], ids=["made", "waiting"])
def test_nothing_is_left_of_what_was_erased(attached, made):
    client, _page, address = attached(encoded(picture()))
    if made:
        blur_attachments()
    erase_reports(Snapshot.objects.all())
    assert not BlurredAttachment.objects.exists()
    assert blur_attachments() == 0
    assert client.get(f"{address}/blurred").status_code == 410


def test_what_is_destroyed_while_it_is_blurred_gets_none(attached, monkeypatch):
    attached(encoded(picture()))

    def slow(data):
        destroy_file(Attachment.objects.get())
        return blurred_preview(data)

    monkeypatch.setattr("moderation.reports.previews.blurred_preview", slow)
    assert blur_attachments() == 0
    assert not BlurredAttachment.objects.exists()


def test_without_the_file_what_was_made_of_it_is_not_shown(attached):
    client, _page, address = attached(encoded(picture()))
    blur_attachments()
    path_of(Attachment.objects.get().public_id).unlink()
    assert client.get(f"{address}/blurred").status_code == 410


def test_a_file_that_is_gone_is_not_asked_about_again(attached):
    attached(encoded(picture()))
    path_of(Attachment.objects.get().public_id).unlink()
    assert blur_attachments() == 0
    assert not BlurredAttachment.objects.exists()
