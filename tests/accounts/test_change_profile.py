"""Settings of the own profile."""

import pytest

from accounts.actions import change_profile
from accounts.models import User
from foundation.errors import Forbidden

SENT = {"fullname": "Nok Srisawat", "bio": "Coffee *first*.", "language": "en", "time_zone": "Asia/Bangkok"}


def test_what_was_sent_is_on_the_profile(sign_in, owner):
    client = sign_in(owner)
    answer = client.post("/settings/profile", SENT, follow=True)
    assert "Your profile is saved." in answer.content.decode()
    page = client.get("/nok").content.decode()
    assert "Nok Srisawat" in page
    assert "Coffee <em>first</em>." in page


def test_pages_speak_the_language_and_tell_the_time_of_the_person(sign_in, owner):
    client = sign_in(owner)
    client.post("/settings/profile", {**SENT, "language": "th"})
    assert '<html lang="th">' in client.get("/nok").content.decode()
    assert User.objects.get(pk=owner.pk).time_zone == "Asia/Bangkok"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("fullname", "Nok\u202e", "invisible"),
        ("fullname", "x" * 101, "at most 100"),
        ("bio", "x" * 2001, "at most 2000"),
        ("bio", "a\x00b", "Null characters"),
        ("language", "xx", "valid choice"),
        ("time_zone", "Mars/Olympus", "valid choice"),
    ],
)
def test_bad_input_is_explained_beside_its_field_and_nothing_changes(sign_in, owner, field, value, words):
    answer = sign_in(owner).post("/settings/profile", {**SENT, field: value})
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert User.objects.get(pk=owner.pk).time_zone == "UTC"


def test_script_in_a_profile_stays_text(sign_in, owner, client):
    sign_in(owner).post("/settings/profile", {**SENT, "fullname": "<script>alert(1)</script>"})
    assert "<script>alert" not in client.get("/nok").content.decode()


def test_nobody_changes_the_profile_of_somebody_else(owner, reporter):
    with pytest.raises(Forbidden):
        change_profile(owner, **SENT, actor=reporter)
