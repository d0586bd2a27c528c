"""The browsable page of the API works under our Content-Security-Policy (K1)."""

from playwright.sync_api import expect


def test_every_endpoint_unfolds(visit):
    page, said = visit(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/api/docs/")
    page.locator(".opblock-summary", has_text="/api/v1/reports").first.click()
    expect(page.get_by_text("Reports you filed, newest first")).to_be_visible()
    assert said == []
