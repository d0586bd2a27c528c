"""People and organizations on the wire."""

import pytest

from accounts.actions import join_organization


def test_person(send, owner, organization, client):
    owner.fullname, owner.bio = "Nok N.", "Small models."
    owner.save()
    found = send("get", "/api/users/NOK/overview").json()
    assert (found["user"], found["fullname"], found["type"], found["details"]) == (
        "nok",
        "Nok N.",
        "user",
        "Small models.",
    )
    assert [(one["name"], one["fullname"]) for one in found["orgs"]] == [("mekong-lab", "mekong-lab")]
    assert client.get(found["avatarUrl"]).status_code == 200


def test_organization(send, owner, reporter, organization, monkeypatch):
    join_organization(reporter, organization, role="read", actor=owner)
    found = send("get", "/api/organizations/mekong-lab/overview").json()
    assert (found["name"], found["numUsers"]) == ("mekong-lab", 2)
    monkeypatch.setattr("hub.views.people.MEMBERS", 1)
    response = send("get", "/api/organizations/mekong-lab/members")
    address = response["Link"].removeprefix("<http://testserver").removesuffix('>; rel="next"')
    names = [one["user"] for one in response.json() + send("get", address).json()]
    assert sorted(names) == ["iris", "nok"]


@pytest.mark.parametrize("path", ["users/{}/overview", "organizations/{}/overview", "organizations/{}/members"])
def test_nobody(send, owner, organization, path):
    for name in ("x", "mekong-lab" if path.startswith("users") else "nok"):
        response = send("get", f"/api/{path.format(name)}")
        assert (response.status_code, response.json()) == (404, {"error": "There is nobody of this name here"})
