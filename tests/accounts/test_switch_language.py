"""The language switch: by a cookie for guests, kept with the account for whoever is signed in (J5)."""

from accounts.models import User

THAI = '<html lang="th">'


def test_guest_switches_in_this_browser(db, client):
    answer = client.post("/language", {"language": "th", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert THAI in client.get("/accounts/login/").content.decode()


def test_signed_in_person_is_spoken_to_in_every_browser(sign_in, owner):
    sign_in(owner).post("/language", {"language": "th"})
    assert User.objects.get(pk=owner.pk).language == "th"
    assert THAI in sign_in(owner).get("/inbox").content.decode()


def test_unknown_language_changes_nothing(sign_in, owner):
    sign_in(owner).post("/language", {"language": "xx"})
    assert User.objects.get(pk=owner.pk).language == "en"


def test_switch_does_not_lead_to_another_site(db, client):
    answer = client.post("/language", {"language": "th", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


def test_switching_needs_post(db, client):
    assert client.get("/language?language=th").status_code == 405
