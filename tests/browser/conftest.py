"""A real Chromium against a real server, with the test's database behind both."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.events import EventsProcess

CHROMIUM = os.environ.get("OMBUD_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Playwright runs an event loop in this thread, which makes Django think that it is in an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, skipped where there is no browser (make test says so loudly)."""
    missing = pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}")
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker("browser")
            if not os.access(CHROMIUM, os.X_OK):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    return {"executable_path": CHROMIUM, "args": [*quiet, "--disable-component-update", "--disable-sync"]}


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The address of a server that runs in a thread of the test."""
    assert connection.vendor == "postgresql"
    return live_server.url


@pytest.fixture(scope="session")
def events_process(
    live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[EventsProcess]:
    """The events process on the test's database, started by the first test that needs it."""
    process = EventsProcess(tmp_path_factory.mktemp("events"), live_server.url)
    yield process
    if process.process is not None:
        process.stop()


@pytest.fixture
def events(site: str, events_process: EventsProcess, settings: Any) -> EventsProcess:
    """Pages of this test hear what happens."""
    if not events_process.running:
        events_process.start()
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = [*directives["connect-src"], events_process.address.removesuffix("/events")]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "connect-src": allowed}}
    settings.EVENTS_URL = events_process.address
    return events_process


@pytest.fixture
def visit(site: str, browser: Browser, settings: Any) -> Iterator[Callable[..., Page]]:
    """visit(user=None, width=1440, dark=False): a page of a fresh browser context, signed in as after the form.

    The form itself takes two pages more; tests/browser/test_gating.py fills it in.
    """
    contexts: list[BrowserContext] = []

    def open_page(user: User | None = None, *, width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _no_policy_violation(message.text))
        if user is not None:
            client = Client()
            client.force_login(user, backend="accounts.backends.PermissionBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
            page.goto("/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _no_policy_violation(text: str) -> None:
    assert "Content Security Policy" not in text, text


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Assert that axe finds nothing against WCAG 2.2 AA on a page."""

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        # Without the second, axe describes everything that is right too, which takes longer than to find out.
        options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """Assert that a page does not scroll sideways."""

    def check(page: Page) -> None:
        width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= room, f"{page.url} is {width} px wide in {room} px"

    return check
