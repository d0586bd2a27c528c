"""The browsable page of the API works under our Content-Security-Policy (K1)."""

from playwright.sync_api import expect


def test_every_endpoint_unfolds(visit):
    page, said = visit(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/api/docs/")
    # The first to ask waits until the description is written; then only what is in sight is drawn.
    page.locator(".opblock-summary").first.wait_for(timeout=60_000)
    summary = page.locator(".opblock-summary", has_text="/api/v1/reports").first
    for _step in range(100):
        if summary.count():
            break
        page.mouse.wheel(0, 1_000)
        page.wait_for_timeout(100)
    summary.click()
    expect(page.get_by_text("Reports you filed, newest first")).to_be_visible()
    assert said == []
