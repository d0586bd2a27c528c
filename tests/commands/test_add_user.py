"""manage.py add_user: through the same actions as sign-up, clear words for bad input."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Organization, User

pytestmark = pytest.mark.django_db


def run(*args: str, **options) -> str:
    output = io.StringIO()
    call_command("add_user", *args, stdout=output, **options)
    return output.getvalue()


def test_random_password_is_printed_once(client):
    output = run("leo")
    password = output.split("Password: ")[1].splitlines()[0]
    assert client.login(username="leo", password=password)
    assert not User.objects.get(username="leo").is_team


def test_password_from_standard_input(client, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long passphrase\n"))
    assert "Password" not in run("leo", "--password-stdin")
    assert client.login(username="leo", password="a long passphrase")


def test_moderator_and_admin():
    run("leo", "--moderator")
    run("ada", "--admin", "--email", "ada@people.example", "--fullname", "Ada L.")
    leo, ada = User.objects.get(username="leo"), User.objects.get(username="ada")
    assert leo.is_team
    assert not leo.is_staff
    assert (ada.is_staff, ada.is_superuser, ada.fullname) == (True, True, "Ada L.")


def test_address_counts_as_confirmed(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    password = run("leo", "--email", "leo@people.example").split("Password: ")[1].splitlines()[0]
    client.post("/accounts/login/", {"login": "leo@people.example", "password": password})
    assert client.session["_auth_user_id"] == str(User.objects.get(username="leo").pk)


def test_new_organization_gets_its_admin():
    assert "admin of the new organization tern-lab" in run("leo", "--organization", "tern-lab")
    assert Membership.objects.get(organization__name="tern-lab").role == "admin"


def test_existing_organization_is_joined(organization):
    run("leo", "--organization", "Mekong-Lab", "--role", "write")
    run("ada", "--organization", "mekong-lab")
    roles = Membership.objects.filter(organization=organization).values_list("user__username", "role")
    assert dict(roles) == {"nok": "admin", "leo": "write", "ada": "read"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nok"], "taken"),
        (["admin"], "reserved"),
        (["a b"], "Use 2 to 96"),
        (["leo", "--role", "write"], "--role needs --organization"),
        (["leo", "--organization", "tern-lab", "--role", "read"], "new organization"),
        (["leo", "--organization", "x"], "Use 2 to 96"),
        (["leo", "--email", "not an address"], "valid email"),
    ],
)
def test_nothing_half_done(owner, args, words):
    with pytest.raises(CommandError, match=words):
        run(*args)
    assert not User.objects.filter(username="leo").exists()
    assert not Organization.objects.exists()


def test_weak_password(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("leo\n"))
    with pytest.raises(CommandError, match="too short"):
        run("leo", "--password-stdin")
