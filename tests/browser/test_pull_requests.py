"""A pull request in a real browser: suggested by a stranger, read by keyboard, merged; and its pages fit everybody."""

import pytest
from playwright.sync_api import expect

from community.pull_requests import commit_to_pull_request, open_pull_request
from repositories import git
from repositories.actions import commit
from repositories.models import Repository

PAGE = "/nok/tiny-model"
CARD = "---\nlicense: {license}\ntags: [text]\n---\n# tiny-model\n\n{words}\n"


def changes_of(repository, files):
    return [git.Put(path, git.store_bytes(repository, content).oid) for path, content in files.items()]


def test_a_stranger_suggests_the_tag_and_the_owner_merges_it_by_keyboard(visit, repository, reporter, owner) -> None:
    page = visit(reporter)
    page.goto(PAGE)
    page.get_by_role("link", name="Suggest the tag “Not For All Audiences”").click()
    page.get_by_label("Why do you suggest it?").fill("It answers with adult words.")
    page.get_by_role("button", name="Open the pull request").click()
    expect(page.get_by_text("Your pull request is open.")).to_be_visible()
    expect(page.get_by_text("The owner decides whether to merge it.", exact=True)).to_be_visible()

    desk = visit(owner)
    desk.goto(f"{PAGE}/discussions/1")
    expect(desk.get_by_text("Tags this repository “Not For All Audiences”")).to_be_visible()
    desk.get_by_role("link", name="Files changed").press("Enter")
    expect(desk.locator(".difference b")).to_have_text([", not-for-all-audiences"])
    desk.keyboard.press("j")
    focused = desk.locator("summary[data-row]:focus")
    expect(focused).to_contain_text("README.md")
    focused.press("Enter")
    expect(desk.locator(".difference table")).to_be_hidden()
    focused.press("Enter")
    expect(desk.locator(".difference table")).to_be_visible()
    words = desk.locator("summary", has_text="Commit message")
    words.press("Enter")
    desk.get_by_label("Title of the commit").fill("Say who it is for")
    desk.get_by_label("Title of the commit").press("Enter")
    expect(desk.get_by_text("You merged this pull request.")).to_be_visible()

    merged = Repository.objects.get()
    assert merged.nfaa
    assert git.find_commit(merged, merged.head).message == "Say who it is for"
    stranger = visit()
    stranger.goto(PAGE)
    expect(stranger.get_by_role("button", name="View content")).to_be_visible()
    expect(stranger.get_by_role("link", name="pull request #1")).to_be_visible()


def test_both_cards_are_brought_together_without_script(site, browser, visit, repository, author, owner) -> None:
    theirs = CARD.format(license="mit", words="Theirs.").encode()
    open_pull_request(repository, changes_of(repository, {"README.md": theirs}), title="T", text="W", actor=author)
    commit(repository, {"README.md": CARD.format(license="gpl-3.0", words="Ours.").encode()}, actor=owner, message="O")
    cookies = visit(author).context.cookies()
    context = browser.new_context(base_url=site, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{PAGE}/discussions/1")
    page.get_by_role("link", name="Bring both cards together").click()
    expect(page.locator(".difference")).to_contain_text("Ours.")
    page.get_by_label("Card (README.md)").fill(CARD.format(license="gpl-3.0", words="Both."))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("License, tags and languages stay as they are.")).to_be_visible()
    expect(page.get_by_label("Card (README.md)")).to_have_value(CARD.format(license="gpl-3.0", words="Both."))
    page.get_by_role("button", name="Save it in the pull request").click()
    expect(page.get_by_text("You changed the card of this pull request.")).to_be_visible()
    expect(page.get_by_text("This cannot be merged as it is")).to_have_count(0)
    context.close()


@pytest.fixture
def long(repository, owner, author):
    """A pull request with a bit of everything, and one in conflict."""
    words = "A long sentence of a card that needs more than one line on a small screen. " * 4
    first = {"README.md": CARD.format(license="mit", words=words).encode(), "gone.txt": b"x\n", "old.txt": b"a\nb\nc\n"}
    commit(repository, first, actor=owner, message="First")
    card = CARD.format(license="openrail", words=words.replace("small", "narrow")).encode()
    path = "a-folder-with-a-long-name/and-another-one-in-it/a_file_with_a_name_of_many_letters.json"
    files = {"README.md": card, path: b'{"key": "' + b"x" * 300 + b'"}\n', "w.bin": b"\0" * 100, "z.txt": b"z\n" * 300}
    changes = [*changes_of(repository, files), git.Delete("gone.txt"), git.Delete("old.txt")]
    changes += changes_of(repository, {"new.txt": b"a\nb\nc\n"})
    opened = open_pull_request(repository, changes, title="Everything at once", text="So.", actor=author)
    oid = commit_to_pull_request(opened, changes_of(repository, {"b.txt": b"b"}), actor=author, message="A\n\nB.")
    commit(repository, {"b.txt": b"ours", "w.bin": b"\0"}, actor=owner, message="Ours")
    return oid


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)], ids=["wide light", "narrow dark"])
def test_pages_are_accessible_and_fit(visit, repository, long, owner, author, accessible, fits, width, dark) -> None:
    card = CARD.format(license="mit", words="Better.").encode()
    open_pull_request(repository, changes_of(repository, {"README.md": card}), title="Card", text="W", actor=author)
    first = ["", "/files", "/commits", f"/commits/{long}", "/edit-card"]
    pages = {owner: [f"1{path}" for path in first] + ["2", "2/files"], None: ["1", "1/files"], author: ["1", "2"]}
    for person, paths in pages.items():
        page = visit(person, width=width, dark=dark)
        for path in paths:
            page.goto(f"{PAGE}/discussions/{path}")
            accessible(page)
            fits(page)
    page = visit(author, width=width, dark=dark)
    page.goto(f"{PAGE}/card/suggest")
    page.get_by_label("Card (README.md)").fill("---\nlicense: mit\ntags: one\n---\n# Tiny\n")
    page.get_by_label("Title").fill("Card")
    page.get_by_label("Why do you suggest it?").fill("So.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Write tags as a list")).to_be_visible()
    accessible(page)
    fits(page)
