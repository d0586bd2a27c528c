"""Every way in which a picture comes with a report has a worker blur it (D5)."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import create_token, guest_for
from accounts.queries import system_actor
from moderation.intake.claims import file_claim
from moderation.reports.actions.claims import Particulars
from moderation.reports.links import address_of
from moderation.reports.models import BlurredAttachment, Report
from moderation.reports.previews import blur_attachments
from tests.classifiers.drawing import encoded, picture
from tests.reports.steps import reported


def files() -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("shot.png", encoded(picture())), SimpleUploadedFile("talk.txt", b"He wrote this.")]


def assert_only_the_picture_is_blurred() -> None:
    assert BlurredAttachment.objects.get().attachment.name == "shot.png"
    assert blur_attachments() == 1


@pytest.fixture
def by_program(reporter):
    """by_program(report): adds a picture to it."""

    def send(report: Report):
        token = create_token(reporter, scope="write", actor=system_actor())
        return Client(headers={"authorization": f"Bearer {token}"}).post(
            f"/api/v1/reports/{report.public_id}/attachments?name=shot.png",
            encoded(picture()),
            content_type="application/octet-stream",
        )

    return send


def test_by_the_form(sign_in, reporter, comment, form, address):
    sent = form(attachments=files())
    assert sign_in(reporter).post(address(comment), sent).status_code == 303
    assert_only_the_picture_is_blurred()


def test_afterwards(sign_in, reporter, comment):
    place = f"/reports/{reported(comment, reporter).public_id}/change"
    assert sign_in(reporter).post(place, {"text": "Please look.", "attachments": files()}).status_code == 303
    assert_only_the_picture_is_blurred()


def test_by_a_guest(comment):
    place = address_of(reported(comment, guest_for("pim@mail.example", "Pim", "en", confirmed=True)))
    browser = Client(headers={"origin": "null"})
    assert browser.post(f"{place}/change", {"text": "Please look.", "attachments": files()}).status_code == 303
    assert_only_the_picture_is_blurred()


def test_by_a_program(by_program, comment, reporter):
    assert by_program(reported(comment, reporter)).status_code == 201
    assert_only_the_picture_is_blurred()


def test_with_a_claim(by_program, comment, reporter):
    claim = file_claim(comment, Particulars("copyright", "My poem."), request_id=uuid.uuid4(), actor=reporter)
    assert by_program(claim).status_code == 201
    assert_only_the_picture_is_blurred()
