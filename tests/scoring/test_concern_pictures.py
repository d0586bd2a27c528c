"""A picture is known by how it begins, too: one without a picture's name is read like any other."""

import pytest

from moderation.scoring.items import concerns
from moderation.subjects.actions import subject_of, take_snapshot
from moderation.subjects.files import content_of_file
from repositories.actions import commit

BEGINNINGS = {
    "JPEG": b"\xff\xd8\xff\xe0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "GIF": b"GIF89a",
    "WebP": b"RIFF\x10\0\0\0WEBP",
    "BMP": b"BM\x10\0\0\0\0\0\0\0",
    "TIFF": b"II*\0",
    "AVIF": b"\0\0\0\x1cftypavif",
}
OTHERS = {
    "text": b"BMI and other numbers",
    "film": b"\0\0\0\x1cftypisom",
    "sound": b"RIFF\x10\0\0\0WAVE",
    "nothing": b"",
}


def concerned(repository, owner, data: bytes) -> bool:
    commit(repository, {"model.bin": data + bytes(20) if data else b""}, actor=owner, message="Add")
    return concerns("image", take_snapshot(subject_of(repository), content_of_file(repository, "model.bin")))


@pytest.mark.parametrize("data", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_a_picture_under_another_name_is_one(repository, owner, data):
    assert concerned(repository, owner, data)


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS.keys())
def test_other_files_are_none(repository, owner, data):
    assert not concerned(repository, owner, data)
