"""Likes on the wire (A9)."""

from repositories.actions import like, restrict
from repositories.models import Restriction, Visibility

PATH = "/api/models/nok/tiny-model"


def test_like_and_unlike(send, repository, reporter):
    for method, likes in (("post", 1), ("post", 1), ("delete", 0), ("delete", 0)):
        assert send(method, f"{PATH}/like", {}, user=reporter).status_code == 200
        repository.refresh_from_db()
        assert repository.likes == likes
    assert send("post", f"{PATH}/like", {}).status_code == 401


def test_likers(send, repository, reporter, author):
    like(repository, actor=reporter)
    like(repository, actor=author)
    avatar = "http://testserver/static/img/ombud.svg"
    assert send("get", f"{PATH}/likers").json() == [
        {"type": "user", "user": name, "fullname": name, "avatarUrl": avatar} for name in ("quentin", "iris")
    ]


def test_what_a_person_likes(send, make_repository, owner, reporter, moderator):
    """Only what lists show whoever asks."""
    for name in ("open", "private", "lowered"):
        made = make_repository(name, kind="dataset" if name == "open" else "model")
        like(made, actor=owner)
        if name == "private":
            made.visibility = Visibility.PRIVATE
            made.listed = False
            made.save()
        elif name == "lowered":
            restrict(made, kind=Restriction.Kind.DOWNGRADED, reason="Spam.", actor=moderator)
    liked = send("get", "/api/users/NOK/likes").json()
    assert [one["repo"] for one in liked] == [{"name": "nok/open", "type": "dataset"}]
    assert liked[0]["createdAt"].endswith("Z")
    own = send("get", "/api/users/nok/likes", user=owner).json()
    assert [one["repo"]["name"] for one in own] == ["nok/lowered", "nok/private", "nok/open"]
    assert send("get", "/api/users/nobody-here/likes").status_code == 404
    assert send("get", "/api/users/nok/likes?after=x").status_code == 400


def test_pages(send, repository, make_user, monkeypatch):
    monkeypatch.setattr("hub.views.likes.PAGE", 2)
    for number in range(3):
        like(repository, actor=make_user(f"person-{number}"))
    response = send("get", f"{PATH}/likers")
    address = response["Link"].removeprefix("<http://testserver").removesuffix('>; rel="next"')
    following = send("get", address)
    assert [one["user"] for one in response.json() + following.json()] == ["person-2", "person-1", "person-0"]
    assert "Link" not in following
