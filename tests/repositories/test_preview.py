"""Small pictures, made by us: nothing of the file is in them but what it looks like (architecture, "User files")."""

import random
import time
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from foundation.errors import Refused
from repositories import previews
from repositories.actions import change_settings, commit
from tests.classifiers.drawing import endless_jpeg
from tests.repositories.reading import text_of

PREVIEW = "/nok/tiny-model/preview"


def picture(kind="PNG", size=(40, 20), mode="RGB", **options):
    made = BytesIO()
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()


def camera():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET CAMERA"
    return exif


@pytest.fixture
def add(repository, owner):
    return lambda name, content: commit(repository, {name: content}, actor=owner, message="Add")


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.PNG"), ("JPEG", "a.jpeg"), ("WEBP", "a.webp"), ("GIF", "a.gif")])
def test_is_a_webp_whatever_it_was(client, add, kind, name):
    add(name, picture(kind))
    response = client.get(f"{PREVIEW}/{name}")
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with Image.open(BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("WEBP", (40, 20))


def test_is_small_upright_and_without_what_the_camera_wrote(client, add):
    add("a.jpg", picture("JPEG", (3000, 1500), exif=camera(), comment=b"SECRET COMMENT"))
    content = client.get(f"{PREVIEW}/a.jpg").content
    assert b"SECRET" not in content
    with Image.open(BytesIO(content)) as image:
        assert image.size == (512, 1024)
        assert not image.getexif()


def test_of_an_animation_the_first_picture(client, add):
    frames = [Image.new("P", (30, 30), number) for number in range(40)]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    add("a.gif", made.getvalue())
    with Image.open(BytesIO(client.get(f"{PREVIEW}/a.gif").content)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_picture_with_a_page_inside_is_only_a_picture(client, add):
    add("a.png", picture() + b"<script>alert(1)</script>")
    assert b"script" not in client.get(f"{PREVIEW}/a.png").content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b""),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"%PDF-1.7"),
        ("a.jpg", picture("TIFF")),
        ("a.gif", picture("PNG")[:60]),
        ("a.svg", b"<svg/>"),
        ("a.html", picture()),
        ("a.png", picture(size=(10_000, 10_000), mode="1")),
    ],
)
def test_no_picture_is_a_415_that_says_why(client, add, name, content):
    add(name, content)
    response = client.get(f"{PREVIEW}/{name}")
    assert response.status_code == 415
    assert "preview" in text_of(response)


def test_files_over_the_limit_are_not_opened(client, add, monkeypatch):
    monkeypatch.setattr(previews, "LARGEST_IMAGE", 10)
    add("a.png", picture())
    assert client.get(f"{PREVIEW}/a.png").status_code == 415


def test_damaged_pictures_are_never_our_fault(db):
    chance = random.Random(7)
    for content in (picture(), picture("JPEG", exif=camera()), picture("WEBP", mode="RGBA"), picture("GIF")):
        for _round in range(100):
            damaged = bytearray(content[: chance.randrange(1, len(content) + 1)])
            for _byte in range(chance.randrange(9)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            with suppress(Refused):
                previews.make_preview(BytesIO(bytes(damaged)))


def test_a_picture_without_an_end_holds_up_no_page(client, add, monkeypatch):
    """Before, the process that answers decoded it itself, for as long as it took, and nobody else got a preview."""
    monkeypatch.setattr(previews, "SECONDS", 1)
    add("a.jpg", endless_jpeg())
    began = time.process_time()
    response = client.get(f"{PREVIEW}/a.jpg")
    assert (response.status_code, "takes too long" in text_of(response)) == (415, True)
    assert time.process_time() - began < 5
    add("b.jpg", picture("JPEG"))
    assert client.get(f"{PREVIEW}/b.jpg").status_code == 200


def test_pictures_are_decoded_in_no_process_of_ours(add, client, monkeypatch):
    def decodes(*of, **options):
        raise AssertionError("a page decodes a stranger's picture")

    add("a.png", picture())
    monkeypatch.setattr(Image, "open", decodes)
    assert client.get(f"{PREVIEW}/a.png").status_code == 200


def test_public_ones_are_asked_for_again_and_not_sent_again(client, add):
    add("a.png", picture())
    first = client.get(f"{PREVIEW}/a.png")
    assert "no-cache" in first["Cache-Control"]
    again = client.get(f"{PREVIEW}/a.png", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("state", [{"visibility": "private"}, {"gating": "manual"}])
def test_others_are_kept_by_no_cache_and_shown_to_no_stranger(client, sign_in, owner, repository, add, state):
    add("a.png", picture())
    change_settings(repository, actor=owner, **state)
    assert client.get(f"{PREVIEW}/a.png").status_code in (403, 404)
    response = sign_in(owner).get(f"{PREVIEW}/a.png")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_too_many_at_once_are_told_to_come_back(client, add, monkeypatch):
    monkeypatch.setattr(previews, "PATIENCE", 0.01)
    add("a.png", picture())
    with previews._one_at_a_time:
        assert client.get(f"{PREVIEW}/a.png").status_code == 503
    assert client.get(f"{PREVIEW}/a.png").status_code == 200


def test_queries(client, add, django_assert_num_queries):
    add("a.png", picture())
    with django_assert_num_queries(2):
        assert client.get(f"{PREVIEW}/a.png").status_code == 200
