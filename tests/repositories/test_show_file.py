"""One file: shown where that is safe and small enough, described where not (A1)."""

import json
import re

import pytest

from repositories import git
from repositories.actions import commit
from repositories.highlighting import LEXERS, LONGEST, highlight
from repositories.models import Scan
from tests.repositories.reading import runs_something, text_of

FILE = "/nok/tiny-model/file"
WEIGHTS = {
    "__metadata__": {"format": "pt"},
    "b.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    "a<b>": {"dtype": "BF16", "shape": [], "data_offsets": [24, 26]},
}


def safetensors(header, length=None):
    content = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(content) if length is None else length).to_bytes(8, "little") + content + b"\0" * 26


@pytest.fixture
def filled(repository, owner):
    files = {
        "config.json": b'{"a": "<script>alert(1)</script>"}\n',
        "code.py": b"import os\n\n\ndef run():\n    '''Two\n    lines'''\n    return 1  # one\n",
        "evil.py": b"# </span><script>alert(1)</script>\nx = '''<img src=x onerror=alert(1)>\n'''\n",
        "notes/read me.md": b"---\na: 1\n---\n# Notes\n\n<script>alert(1)</script>\n",
        "data/weights.bin": b"\x00\x01\xff",
        "latin.txt": "é".encode("latin-1"),
        "big.txt": b"x" * 1_000_001,
        "empty.txt": b"",
        "long.csv": b"1\n" * 20_001,
        "photo.png": b"\x89PNG\r\n\x1a\n",
        "model.safetensors": safetensors(WEIGHTS),
    }
    commit(repository, files, actor=owner, message="Add <b>files</b>")
    return repository


def shown(client, path):
    return text_of(client.get(f"{FILE}/{path}"))


def test_text_line_by_line_escaped(client, filled):
    page = shown(client, "config.json")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '<tr id="L1"' in page
    assert '<a href="#L1">1</a>' in page
    assert '<tr id="L2"' not in page


def test_code_has_classes_and_no_style(client, filled):
    page = shown(client, "code.py")
    assert '<span class="k">import</span>' in page
    assert '<span class="c"># one</span>' in page
    assert '<code><span class="s">    lines&#x27;&#x27;&#x27;</span></code>' in page
    assert "style=" not in page.partition("<main")[2]
    assert "css/code.css" in page


def test_code_that_would_be_markup_stays_text(client, filled):
    page = shown(client, "evil.py").partition("<main")[2]
    assert not runs_something(page)
    assert "&lt;/span&gt;&lt;script&gt;" in page


def test_readme_is_rendered_without_front_matter(client, filled):
    page = shown(client, "README.md")
    assert '<article class="prose"' in page
    assert "license:" not in page


def test_markdown_is_read_or_seen_as_source(client, filled):
    page = shown(client, "notes/read%20me.md")
    assert "<h3>Notes</h3>" in page
    assert "<script>alert(1)" not in page
    source = shown(client, "notes/read%20me.md?source=1")
    assert "<h3>Notes</h3>" not in source
    assert '<tr id="L4"' in source


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("data/weights.bin", "We do not show this file"),
        ("latin.txt", "We do not show this file"),
        ("big.txt", "This file is too large to be shown"),
        ("empty.txt", "This file is empty"),
        ("long.csv", "This text has very many lines, so they have no numbers here."),
    ],
)
def test_what_is_described_in_words(client, filled, path, words):
    page = shown(client, path)
    assert words in page
    assert git.find_file(filled, path).oid in page


def test_picture_is_shown_in_small_and_folded_when_not_for_everybody(client, filled, owner):
    address = "/nok/tiny-model/preview/photo.png"
    assert f'<img src="{address}"' in shown(client, "photo.png")
    assert "Show the picture" not in shown(client, "photo.png")
    card = b"---\ntags: [not-for-all-audiences]\n---\n"
    commit(filled, {"README.md": card}, actor=owner, message="Tag")
    client.post("/nok/tiny-model/view", {"next": "/nok/tiny-model"})
    assert re.search(r"<details class=\"panel\">\s*<summary>Show the picture", shown(client, "photo.png"))


def test_weights_by_name_kind_and_shape(client, filled):
    page = shown(client, "model.safetensors")
    assert "2 tensors with 7 numbers together" in page
    assert "2 × 3" in page
    assert "a&lt;b&gt;" in page


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01",
        safetensors(b"{"),
        safetensors(b"[]"),
        safetensors(b"[" * 100_000),
        safetensors({"a": 1}),
        safetensors({"a": {"dtype": "F32"}}),
        safetensors({"a": {"dtype": "F32", "shape": ["x"]}}),
        safetensors({"a": {"dtype": "F32", "shape": [2**60]}}),
        safetensors({"a": {"dtype": "F32", "shape": 3}}),
        safetensors(WEIGHTS, 2**63),
        safetensors(WEIGHTS, 1024**2 + 1),
    ],
)
def test_weights_that_say_nothing_readable(client, repository, owner, content):
    commit(repository, {"model.safetensors": content}, actor=owner, message="Add")
    response = client.get(f"{FILE}/model.safetensors")
    assert response.status_code == 200
    assert "We do not show this file" in text_of(response)


def test_large_file_by_its_hash(client, repository, owner):
    commit(repository, {"big.bin": b"\0" * (git.LARGE + 1)}, actor=owner, message="Add")
    file = git.find_file(repository, "big.bin")
    assert file.sha256
    page = shown(client, "big.bin")
    assert file.sha256 in page
    assert "10,485,761" in page


@pytest.mark.parametrize("path", ["nothing", "data", "data/", "/README.md", "../../etc/passwd", "a//b", "%2e%2e/x"])
@pytest.mark.parametrize("page", ["file", "raw", "preview"])
def test_path_that_is_no_file(client, filled, path, page):
    assert client.get(f"/nok/tiny-model/{page}/{path}").status_code == 404


def test_at_an_earlier_commit(client, filled):
    newest, oldest = git.history(filled)
    assert client.get(f"{FILE}/config.json?at={oldest.oid}").status_code == 404
    page = shown(client, f"config.json?at={newest.oid}")
    assert "This is the state at commit" in page
    assert f"/nok/tiny-model/raw/config.json?at={newest.oid}" in page


def test_commit_that_is_not_in_the_history(client, filled, make_repository):
    other = make_repository("other")
    orphan = git.write_commit(filled, [], parent=filled.head, author="x", message="x", at=filled.created_at)
    for oid in (other.head, orphan, "0" * 40, "z" * 40, "HEAD", "main", filled.head[:10], "ก" * 40):
        for page in ("files", "file/README.md", "raw/README.md", "preview/photo.png"):
            assert client.get(f"/nok/tiny-model/{page}?at={oid}").status_code == 404
        assert client.get(f"/nok/tiny-model/history?start={oid}").status_code == 404
        assert client.get(f"/nok/tiny-model/commit/{oid}").status_code == 404


def test_buttons_of_editors(client, sign_in, owner, filled):
    assert "/edit/config.json" not in shown(client, "config.json")
    page = shown(sign_in(owner), "config.json")
    assert 'href="/nok/tiny-model/edit/config.json"' in page
    assert 'href="/nok/tiny-model/delete/config.json"' in page
    assert "/edit/" not in shown(sign_in(owner), "data/weights.bin")
    assert 'href="/nok/tiny-model/card/edit"' in shown(sign_in(owner), "README.md")


def test_what_was_found_is_for_the_owner_and_the_team(client, sign_in, owner, moderator, filled):
    finding = {"kind": "secret", "level": "unsafe", "code": "github_token", "detail": "", "line": 1}
    oid = git.find_file(filled, "config.json").oid
    Scan.objects.filter(oid=oid).update(level="unsafe", findings={"findings": [finding], "reason": "beginning"})
    assert "GitHub" not in shown(client, "config.json")
    for visitor in (sign_in(owner), sign_in(moderator)):
        page = shown(visitor, "config.json")
        assert "A GitHub token" in page
        assert 'href="#L1"' in page
        assert "We read the beginning of this long text only." in page


@pytest.mark.parametrize("path", ["README.md", "config.json", "photo.png", "model.safetensors"])
def test_queries(client, filled, path, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert client.get(f"{FILE}/{path}").status_code == 200


@pytest.mark.parametrize("name", sorted(LEXERS))
def test_colours_change_no_character(name):
    path = f"x{name}" if name.startswith(".") else name
    text = "a = 'é <b> ไทย'\r\n\r\n# x\n\tif (1) { return \"&amp;\"; }\n-gone\n+new\n```\n"
    lines = [re.sub(r"<[^>]*>", "", line) for line in highlight(text, path)]
    escaped = text.replace("\r\n", "\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace("'", "&#x27;").replace('"', "&quot;")
    assert lines == escaped.removesuffix("\n").split("\n")


@pytest.mark.parametrize("piece", ["/*", "'", '"""', "<", "[", "\\", "`", "${", "\n", "<<EOF\n"])
def test_text_written_to_be_slow_is_shown_all_the_same(piece):
    text = piece * (LONGEST // len(piece))
    for path in ("x.py", "x.js", "x.md", "x.html", "x.yaml", "x.sh"):
        assert len(highlight(text, path)) == len(text.removesuffix("\n").split("\n"))
