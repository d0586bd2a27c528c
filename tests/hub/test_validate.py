"""Whether a card is as it should be, asked before it is committed (A5)."""

import pytest

PATH = "/api/validate-yaml"


@pytest.mark.parametrize("content", ["", "# A title", "---\nlicense: mit\n---\n# A title"])
def test_good(send, db, content):
    found = send("post", PATH, {"content": content, "repoType": "model"})
    assert (found.status_code, found.json()["errors"]) == (200, [])


@pytest.mark.parametrize("content", ["---\n{\n---\n", "---\n- a\n---\n", "---\na: &a [*a]\n---\n"])
def test_bad(send, db, content):
    found = send("post", PATH, {"content": content, "repoType": "model"})
    assert found.status_code == 400
    assert found.json()["errors"][0]["message"]
    assert found.json()["error"]


@pytest.mark.parametrize("body", [{}, {"content": 5}, [], "x"])
def test_not_a_card(send, db, body):
    assert send("post", PATH, body).status_code == 400
