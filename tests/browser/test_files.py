"""Files in a real browser: uploading with a bar, reading, writing, deleting; and nothing uploaded ever runs."""

import pickle
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from repositories import git
from repositories.actions import commit
from repositories.scanning import scan_due_files

FILES = "/nok/tiny-model/files"


class Harmful:
    def __reduce__(self):
        import os

        return os.system, ("true",)


@pytest.fixture
def filled(repository, owner):
    picture = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(picture, "PNG")
    files = {
        "code.py": b"import os\n\n\ndef run(name: str) -> int:\n    '''Says it.'''\n    return len(name) + 1  # one\n"
        * 9,
        "config.json": b'{\n  "a": 1,\n  "b": null\n}\n',
        "data/notes.md": b"# Notes\n\nSome *words*.\n",
        "weights.pkl": pickle.dumps(Harmful()),
        "picture.png": picture.getvalue(),
        "zeros.bin": b"\0" * 2_000,
        "model.safetensors": (50).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2,3]}}'.ljust(50) + b"\0" * 24,
    }
    commit(repository, files, actor=owner, message="Add a few files")
    changes = {
        "config.json": b'{\n  "a": 2,\n  "b": null,\n  "c": 3\n}\n',
        "moved.bin": b"\0" * 2_000,
        "zeros.bin": None,
    }
    commit(repository, changes, actor=owner, message="Change a few files\n\nBecause they were wrong.")
    scan_due_files()
    return repository


def test_upload_with_a_bar_then_edit_and_delete(visit, owner, repository, tmp_path):
    large, small = tmp_path / "weights.bin", tmp_path / "notes.txt"
    large.write_bytes(bytes(range(256)) * (30 * 4096))
    small.write_text("first\n")
    page = visit(owner)
    network = page.context.new_cdp_session(page)
    page.goto(FILES)
    page.get_by_role("link", name="Upload files").click()
    page.get_by_label("Files", exact=True).set_input_files([large, small])
    page.get_by_label("Folder").fill("data")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 15_000_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Upload and commit").click(no_wait_after=True)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("[data-progress] [role=status]")).to_contain_text("% of 30 MB sent")
    page.wait_for_url("**/files/data", timeout=60_000)
    expect(page.get_by_text("We committed 2 files.")).to_be_visible()
    repository.refresh_from_db()
    assert git.find_file(repository, "data/weights.bin").sha256

    page.get_by_role("link", name="notes.txt", exact=True).click()
    expect(page.locator("#L1")).to_contain_text("first")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Text", exact=True).fill("first\nsecond\n")
    page.get_by_label("What did you change?").fill("Say more")
    page.get_by_role("button", name="Save the file").click()
    expect(page.locator("#L2")).to_contain_text("second")

    page.get_by_role("link", name="History of this file").click()
    page.get_by_role("link", name="Say more").click()
    expect(page.locator(".difference tr.gained")).to_contain_text("second")

    page.goto("/nok/tiny-model/delete/data")
    expect(page.get_by_text("The folder and the 2 files in it will be gone")).to_be_visible()
    page.get_by_role("button", name="Delete it").click()
    page.wait_for_url("**/files")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_what_is_wrong_with_an_upload_leaves_the_chosen_files(visit, owner, repository, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Mine\n")
    page = visit(owner)
    page.goto("/nok/tiny-model/upload")
    page.get_by_label("Files", exact=True).set_input_files(readme)
    page.get_by_role("button", name="Upload and commit").click()
    expect(page.get_by_role("alert")).to_contain_text("These files are there already: README.md.")
    commit(repository, {"other.txt": b"1"}, actor=owner, message="Meanwhile")
    page.get_by_label("Replace files that are there already").check()
    page.get_by_role("button", name="Upload and commit").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed this repository")
    page.get_by_role("button", name="Upload and commit").click()
    page.wait_for_url("**/files")
    repository.refresh_from_db()
    assert git.read_file(repository, "README.md") == b"# Mine\n"


def test_upload_that_is_too_large_is_not_even_sent(visit, owner, repository, tmp_path, settings):
    settings.LARGEST_UPLOAD = 1_000
    (tmp_path / "big").write_bytes(b"x" * 2_000)
    page = visit(owner)
    page.goto("/nok/tiny-model/upload")
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / "big")
    page.get_by_role("button", name="Upload and commit").click()
    expect(page.locator("#messages")).to_contain_text("one upload has at most 1000")


def test_lines_by_keyboard(visit, filled):
    page = visit()
    page.goto("/nok/tiny-model/file/code.py")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#L2")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/file/code.py#L2")
    page.get_by_role("link", name="Skip the lines").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="History of this file")).to_be_focused()


EVIL = {
    "evil.html": "<!DOCTYPE html><title>ran</title><script>fetch('/ran-evil'); document.title = 'ran'</script>",
    "evil.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>fetch('/ran-evil')</script></svg>",
    "evil.xhtml": "<html xmlns='http://www.w3.org/1999/xhtml'><script>fetch('/ran-evil')</script></html>",
}


@pytest.mark.parametrize("name", EVIL)
def test_nothing_uploaded_runs(visit, owner, repository, name):
    commit(repository, {name: EVIL[name].encode()}, actor=owner, message="Add")
    page = visit(owner)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FILES)
    for place in ("raw", "resolve/main"):
        with page.expect_download() as waiting:
            page.evaluate("address => { location.href = address }", f"/nok/tiny-model/{place}/{name}")
        assert waiting.value.suggested_filename == name
    # As part of a page of ours it is neither framed nor drawn.
    page.evaluate("address => document.body.append(Object.assign(new Image(), {src: address}))", f"raw/{name}")
    page.goto(f"/nok/tiny-model/file/{name}")
    expect(page.locator("#L1")).to_contain_text("ran-evil")
    page.wait_for_timeout(300)
    assert not [url for url in asked if "ran-evil" in url]


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)])
def test_pages_of_files_are_accessible_and_fit(visit, owner, filled, accessible, fits, width, dark):
    page = visit(owner, width=width, dark=dark)
    shown = [
        "code.py",
        "config.json#L2",
        "data/notes.md",
        "weights.pkl",
        "picture.png",
        "model.safetensors",
        "moved.bin",
    ]
    more = ["history", "history?path=config.json", f"commit/{filled.head}", "upload?folder=data", "new-file"]
    for path in [
        "files",
        "files/data",
        f"files?at={filled.head}",
        *[f"file/{name}" for name in shown],
        *more,
        "edit/config.json",
        "delete/data",
    ]:
        page.goto(f"/nok/tiny-model/{path}")
        accessible(page)
        fits(page)
