"""Going on with a pull request: changing the proposed card from the web, bringing main in, conflicts (B1)."""

import re

import pytest

from community.pull_requests import commit_to_pull_request, merge_pull_request, update_from_main
from foundation.errors import Forbidden, Refused
from repositories import git
from repositories.actions import commit
from repositories.models import Repository
from tests.community.conftest import changes_of

PAGE = "/nok/tiny-model"
CARD = "---\nlicense: apache-2.0\ntags: [text]\n---\n# tiny-model\n\n{words}\n"
THEIRS, OURS, BOTH = (CARD.format(words=words) for words in ("Says more.", "Says other things.", "Says both."))
EDIT = f"{PAGE}/discussions/1/edit-card"


def card_of(discussion, path="README.md"):
    discussion.pull_request.refresh_from_db()
    return git.read_file(discussion.repository, path, discussion.pull_request.head).decode()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(parent|main)" (?:value="([^"]*)")?', page))


def test_the_opener_changes_the_proposed_card(propose, sign_in, author):
    opened = propose({"README.md": THEIRS.encode()})
    client = sign_in(author)
    page = client.get(EDIT).content.decode()
    assert "Says more." in page
    response = client.post(EDIT, {"card": BOTH, **hidden(page)})
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}/discussions/1")
    assert card_of(opened) == BOTH
    assert "Change the proposed card" in client.get(f"{PAGE}/discussions/1/commits").content.decode()


def test_the_same_card_is_refused_in_the_form(propose, sign_in, author):
    opened = propose({"README.md": THEIRS.encode()})
    form = {"card": THEIRS, "parent": opened.pull_request.head, "main": ""}
    response = sign_in(author).post(EDIT, form)
    assert response.status_code == 422
    assert "This is the card as it is now" in response.content.decode()


def test_strangers_change_nothing(propose, sign_in, reporter, client):
    opened = propose({"README.md": THEIRS.encode()})
    form = {"card": BOTH, "parent": opened.pull_request.head, "main": ""}
    stranger = sign_in(reporter)
    assert stranger.get(EDIT).status_code == 403
    assert stranger.post(EDIT, form).status_code == 403
    assert stranger.post(f"{PAGE}/discussions/1/update").status_code == 403
    assert client.post(EDIT, form)["Location"].startswith("/accounts/login")
    assert card_of(opened) == THEIRS


def test_a_text_that_comes_too_late_stays_in_the_form(propose, repository, sign_in, author):
    opened = propose({"README.md": THEIRS.encode()})
    before = opened.pull_request.head
    commit_to_pull_request(opened, changes_of(repository, {"a.txt": b"x"}), actor=author, message="More")
    client = sign_in(author)
    response = client.post(EDIT, {"card": BOTH, "parent": before, "main": ""})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed it after you opened this page." in page
    assert "Says both." in page
    assert client.post(EDIT, {"card": BOTH, **hidden(page)}).status_code == 303
    assert card_of(opened) == BOTH


@pytest.mark.parametrize("status", ["closed", "merged"])
def test_what_is_over_is_not_changed(propose, sign_in, author, owner, status):
    opened = propose({"README.md": THEIRS.encode()})
    if status == "merged":
        merge_pull_request(opened, actor=owner)
    else:
        sign_in(author).post(f"{PAGE}/discussions/1/status", {"status": "closed"})
    client = sign_in(author)
    assert client.get(EDIT).status_code == 409
    assert client.post(f"{PAGE}/discussions/1/update").status_code == 409
    assert "Update from main" not in client.get(f"{PAGE}/discussions/1").content.decode()


def test_update_from_main_changes_only_what_main_changed(propose, repository, sign_in, author, owner):
    opened = propose({"a.txt": b"theirs"})
    client = sign_in(author)
    assert "Update from main" not in client.get(f"{PAGE}/discussions/1").content.decode()
    commit(repository, {"b.txt": b"ours"}, actor=owner, message="Add b")
    assert "Update from main" in client.get(f"{PAGE}/discussions/1").content.decode()
    assert client.post(f"{PAGE}/discussions/1/update").status_code == 303
    assert (card_of(opened, "a.txt"), card_of(opened, "b.txt")) == ("theirs", "ours")
    page = client.get(f"{PAGE}/discussions/1/files").content.decode()
    assert "a.txt" in page
    assert "b.txt" not in page
    with pytest.raises(Refused, match="nothing that this pull request does not have"):
        update_from_main(opened, actor=author)
    merge_pull_request(opened, actor=owner)
    assert "b.txt" not in client.get(f"{PAGE}/discussions/1/files").content.decode()


def test_update_refuses_what_conflicts_and_drafts_without_changes(propose, repository, author, owner, reporter):
    opened, empty = propose({"a.txt": b"theirs"}), propose({})
    commit(repository, {"a.txt": b"ours"}, actor=owner, message="Add a")
    with pytest.raises(Refused, match=r"a\.txt"):
        update_from_main(opened, actor=author)
    with pytest.raises(Refused, match="changes nothing yet"):
        update_from_main(empty, actor=author)
    with pytest.raises(Forbidden):
        update_from_main(opened, actor=reporter)


def test_a_conflict_in_the_card_is_brought_together_in_the_form(propose, repository, sign_in, author, owner):
    opened = propose({"README.md": THEIRS.encode(), "a.txt": b"theirs"})
    commit(repository, {"README.md": OURS.encode(), "b.txt": b"ours"}, actor=owner, message="Say other things")
    client = sign_in(author)
    page = client.get(f"{PAGE}/discussions/1").content.decode()
    assert "This cannot be merged as it is" in page
    assert "Bring both cards together" in page
    form = client.get(EDIT).content.decode()
    assert "Says other things." in form
    assert client.post(EDIT, {"card": BOTH, **hidden(form)}).status_code == 303
    assert (card_of(opened), card_of(opened, "b.txt")) == (BOTH, "ours")
    merge_pull_request(opened, actor=owner)
    assert Repository.objects.get().card == BOTH


def test_a_conflict_shows_what_main_changed(propose, repository, sign_in, author, owner):
    propose({"README.md": THEIRS.encode()})
    ours = OURS.replace("apache-2.0", "mit")
    commit(repository, {"README.md": ours.encode(), "a-file-of-main.txt": b"x"}, actor=owner, message="Say other")
    page = sign_in(author).get(EDIT).content.decode()
    difference = page[page.index("What main changed in the card") : page.index('name="card"')]
    assert ("apache-2.0" in difference, "mit" in difference, "other" in difference) == (True, True, True)
    assert '<tr class="gained">' in difference
    assert "a-file-of-main.txt" not in page


def test_the_owner_reads_that_they_decide(propose, sign_in, author, owner):
    propose({"README.md": THEIRS.encode()})
    assert "The owner sees the difference, and decides." in sign_in(author).get(EDIT).content.decode()
    page = sign_in(owner).get(EDIT).content.decode()
    assert "You see the difference, and decide." in page
    assert "until you merge it" in page
    assert "The owner sees" not in page


@pytest.mark.parametrize("conflicts", [False, True])
def test_a_preview_says_what_the_card_means_and_saves_nothing(propose, repository, sign_in, author, owner, conflicts):
    opened = propose({"README.md": THEIRS.encode()})
    if conflicts:
        gpl = OURS.replace("apache-2.0", "gpl-3.0")
        commit(repository, {"README.md": gpl.encode()}, actor=owner, message="Say other things")
    client, wanted = sign_in(author), BOTH.replace("apache-2.0", "mit")
    form = hidden(client.get(EDIT).content.decode())
    response = client.post(EDIT, {"card": wanted, "preview": "1", **form})
    page = response.content.decode()
    before = "gpl-3.0" if conflicts else "apache-2.0"
    assert (response.status_code, f"Changes the license from {before} to mit." in page) == (200, True)
    assert (wanted in page, hidden(page)) == (True, form)
    assert card_of(opened) == THEIRS
    assert client.post(EDIT, {"card": wanted, **form}).status_code == 303
    assert card_of(opened) == wanted


def test_one_may_keep_the_own_card_in_a_conflict(propose, repository, sign_in, author, owner):
    opened = propose({"README.md": THEIRS.encode()})
    commit(repository, {"README.md": OURS.encode()}, actor=owner, message="Say other things")
    client = sign_in(author)
    assert client.post(EDIT, {"card": THEIRS, **hidden(client.get(EDIT).content.decode())}).status_code == 303
    assert merge_pull_request(opened, actor=owner)
    assert Repository.objects.get().card == THEIRS


def test_main_that_moved_again_is_not_overwritten(propose, repository, sign_in, author, owner):
    opened = propose({"README.md": THEIRS.encode()})
    commit(repository, {"README.md": OURS.encode()}, actor=owner, message="Say other things")
    client = sign_in(author)
    form = hidden(client.get(EDIT).content.decode())
    commit(repository, {"README.md": OURS.replace("other", "third").encode()}, actor=owner, message="Again")
    response = client.post(EDIT, {"card": BOTH, **form})
    assert response.status_code == 409
    assert "third things" in response.content.decode()
    assert card_of(opened) == THEIRS


def test_conflicts_elsewhere_say_how_to_go_on(propose, repository, sign_in, author, owner):
    propose({"a.txt": b"theirs"})
    commit(repository, {"a.txt": b"ours"}, actor=owner, message="Add a")
    page = sign_in(author).get(f"{PAGE}/discussions/1/files").content.decode()
    assert "Propose the change again on main as it is now" in page


def test_a_discussion_proposes_no_card(sign_in, author, discussion):
    client = sign_in(author)
    assert client.get(EDIT).status_code == 404
    assert client.post(EDIT, {"card": BOTH, "parent": "", "main": ""}).status_code == 404
