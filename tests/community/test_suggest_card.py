"""“Suggest a change to this card”, from the page of a repository (B1, A4)."""

from uuid import uuid4

import pytest

from community.models import Discussion
from community.pull_requests import merge_pull_request
from repositories import git
from repositories.actions import commit
from repositories.models import Repository

PAGE = "/nok/tiny-model"
SUGGEST = f"{PAGE}/card/suggest"
BETTER = "---\nlicense: apache-2.0\ntags: [text]\n---\n# tiny-model\n\nA small model, and its limits.\n"


@pytest.fixture
def form(repository):
    """form(card=…, **fields): what the page of a suggestion sends."""
    values = {"title": "Say more", "text": "People ask.", "parent": repository.head}
    return lambda **fields: {**values, "request_id": uuid4(), **fields}


def test_the_page_of_a_repository_leads_there(sign_in, reporter, repository):
    page = sign_in(reporter).get(PAGE).content.decode()
    assert f'href="{SUGGEST}"' in page
    assert f'href="{SUGGEST}?nfaa"' in page


def test_whoever_is_not_signed_in_comes_back_to_it(client, repository):
    assert client.get(f"{SUGGEST}?nfaa")["Location"] == f"/accounts/login/?next={SUGGEST}%3Fnfaa"


def test_the_same_card_is_refused_in_the_form(sign_in, reporter, repository, form):
    response = sign_in(reporter).post(SUGGEST, form(card=f"\r\n{repository.card}".replace("\n", "\r\n")))
    assert response.status_code == 422
    page = response.content.decode()
    assert "This is the card as it is now" in page
    assert "People ask." in page
    assert not Discussion.objects.exists()


def test_an_older_card_is_proposed_on_what_was_seen(sign_in, reporter, repository, owner, form):
    sent = form(card=BETTER)
    commit(repository, {"b.txt": b"later"}, actor=owner, message="Later")
    assert sign_in(reporter).post(SUGGEST, sent).status_code == 303
    opened = Discussion.objects.get()
    assert opened.pull_request.base == sent["parent"]
    merge_pull_request(opened, actor=owner)
    repository = Repository.objects.get()
    assert repository.card == BETTER
    assert git.read_file(repository, "b.txt") == b"later"


def test_a_preview_says_what_it_means_and_opens_nothing(sign_in, reporter, form):
    sent = form(card=BETTER.replace("apache-2.0", "mit").replace("[text]", "[text, vision]"), preview="1")
    response = sign_in(reporter).post(SUGGEST, sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Changes the license from apache-2.0 to mit." in page
    assert "Adds the tag vision." in page
    assert all(str(value) in page for name, value in sent.items() if name != "preview")
    assert not Discussion.objects.exists()


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ("license: mit\ntags: one", "Write tags as a list"),
        ("license: mit: x\n", "There is a second colon on this line"),
        ("- license", "Write “key: value” on each line"),
    ],
)
def test_a_preview_warns_of_front_matter_that_cannot_be_read(sign_in, reporter, form, matter, words):
    card = f"---\n{matter}\n---\n# tiny-model\n"
    response = sign_in(reporter).post(SUGGEST, form(card=card, preview="1"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Programs could not read all of the front matter" in page
    assert words in page
    assert "# tiny-model" in page


def test_a_preview_of_words_alone_says_so(sign_in, reporter, form):
    page = sign_in(reporter).post(SUGGEST, form(card=BETTER, preview="1")).content.decode()
    assert "License, tags and languages stay as they are." in page
    assert "Programs could not read" not in page


def test_a_preview_reads_long_front_matter_too(sign_in, reporter, form):
    many = "".join(f"- tag-{number:05}\n" for number in range(2_000))
    card = f"---\nlicense: mit\ndatasets: []\nwidget:\n{many}---\n# tiny-model\n"
    page = sign_in(reporter).post(SUGGEST, form(card=card, preview="1")).content.decode()
    assert "Changes the license from apache-2.0 to mit." in page


def test_a_preview_stands_beside_what_is_missing(sign_in, reporter, form):
    sent = form(card=BETTER.replace("apache-2.0", "mit"), title="", preview="1")
    response = sign_in(reporter).post(SUGGEST, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This field is required." in page
    assert "Changes the license from apache-2.0 to mit." in page


def test_the_owner_reads_that_they_decide(sign_in, owner, form):
    client = sign_in(owner)
    page = client.get(SUGGEST).content.decode()
    assert "You can merge it then." in page
    assert "The owner" not in page
    assert (
        "Your pull request is open. You can merge it."
        in client.post(SUGGEST, form(card=BETTER), follow=True).content.decode()
    )


@pytest.mark.parametrize("parent", ["0" * 40, "x", "refs/pr/1"])
def test_a_parent_that_is_none(sign_in, reporter, repository, form, parent):
    assert sign_in(reporter).post(SUGGEST, form(card=BETTER, parent=parent)).status_code == 404


def test_line_ends_stay_as_they_are(sign_in, reporter, repository, owner, form):
    commit(repository, {"README.md": repository.card.replace("\n", "\r\n").encode()}, actor=owner, message="Windows")
    sent = form(card=BETTER, parent=Repository.objects.get().head)
    sign_in(reporter).post(SUGGEST, sent)
    page = sign_in(owner).get(f"{PAGE}/discussions/1").content.decode()
    assert '+1<span class="visually-hidden"> lines added' in page


def test_what_cannot_be_taken_stays_in_the_form(sign_in, repository, make_user, form, settings):
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 1
    client = sign_in(make_user("fresh", days_old=0))
    assert client.post(SUGGEST, form(card=BETTER)).status_code == 303
    response = client.post(SUGGEST, form(card=BETTER, title="And again"))
    assert response.status_code == 429
    assert "and its limits" in response.content.decode()


def test_the_tag_by_pull_request_labels_the_repository_and_a_commit_takes_it_away(
    sign_in, reporter, owner, repository, form, client
):
    suggested = sign_in(reporter).get(f"{SUGGEST}?nfaa").content.decode()
    assert "Tag this repository “Not For All Audiences”" in suggested
    assert "tags: [text, not-for-all-audiences]" in suggested
    tagged = repository.card.replace("[text]", "[text, not-for-all-audiences]")
    sign_in(reporter).post(SUGGEST, form(card=tagged))
    assert not Repository.objects.get().nfaa
    assert sign_in(owner).post(f"{PAGE}/discussions/1/merge").status_code == 303
    assert Repository.objects.get().nfaa
    page = client.get(PAGE).content.decode()
    assert "View content" in page
    assert f'<a href="{PAGE}/discussions/1">pull request #1</a>, which nok merged' in page
    commit(repository, {"README.md": BETTER.encode()}, actor=owner, message="Take it away")
    assert not Repository.objects.get().nfaa
    assert "View content" not in client.get(PAGE).content.decode()
