"""The people and organizations of the demo hub."""

import secrets
from datetime import datetime, timedelta

from accounts.actions import create_organization, join_organization, make_moderator, register
from accounts.models import Organization, User
from accounts.queries import system_actor
from demo import content
from moderation.policy.models import Lane

# Ready sign-ins: name to what this person is for.
SIGN_INS = {
    "mira": "moderator",
    "tomas": "moderator",
    "nok": "owner of repositories",
    "iris": "reporter",
    "root-admin": "administrator",
}


def load_people(now: datetime) -> dict[str, str]:
    """Create everybody; returns the random passwords of the ready sign-ins by name. Nobody else can sign in."""
    passwords = {name: secrets.token_urlsafe(12) for name in SIGN_INS}
    for values in content.read("people.yaml"):
        name = values["name"]
        user = User(
            username=name,
            fullname=values["fullname"],
            bio=values["bio"],
            language=values["language"] if values["language"] in ("en", "th") else "en",
            email=f"{name}@people.example" if name in SIGN_INS else "",
            date_joined=now - timedelta(days=values["joined_days_ago"]),
            is_staff=name == "root-admin",
            is_superuser=name == "root-admin",
        )
        register(user, password=passwords.get(name))
    for name in ("mira", "tomas"):
        make_moderator(User.objects.get(username=name), actor=system_actor())
    # Somebody has to see the lanes that only a named role sees (C9); the demo has no content for them.
    for lane in Lane.objects.filter(group__isnull=False).select_related("group"):
        assert lane.group is not None
        lane.group.user_set.add(User.objects.get(username="mira"))
    _load_organizations()
    return passwords


def _load_organizations() -> None:
    people = User.objects.in_bulk(field_name="username")
    for values in content.read("organizations.yaml"):
        admins = [member["name"] for member in values["members"] if member["role"] == "admin"]
        founder = people[admins[0]]
        organization: Organization = create_organization(values["name"], actor=founder, fullname=values["fullname"])
        for member in values["members"]:
            join_organization(people[member["name"]], organization, role=member["role"], actor=founder)
