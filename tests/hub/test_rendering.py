"""HTML of comments is rendered once, and what is kept of it has a limit."""

from hub import rendering
from hub.rendering import Rendered


def test_once(monkeypatch):
    asked = []

    def rendered_once(text):
        asked.append(text)
        return f"<p>{text}</p>"

    monkeypatch.setattr(rendering, "render", rendered_once)
    rendered = Rendered(most=20)
    assert [rendered(text) for text in ("ä", "b", "ä")] == ["<p>ä</p>", "<p>b</p>", "<p>ä</p>"]
    assert asked == ["ä", "b"]
    rendered("c")  # "b" was asked for longest ago
    rendered("ä")
    rendered("b")
    assert asked == ["ä", "b", "c", "b"]


def test_too_large_to_keep():
    rendered = Rendered(most=5)
    assert [rendered("**a**") for _time in range(2)] == ["<p><strong>a</strong></p>\n"] * 2
