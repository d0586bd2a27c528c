"""The hub's own client library, unmodified (K2): its HTTP goes straight to our WSGI application, in the test's
transaction; test_wire.py does the main things over a socket, client/ everything, with two lines of the library.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from huggingface_hub import HfApi, set_client_factory
from huggingface_hub.utils import _detect_agent
from huggingface_hub.utils import _http as client_http

from accounts.actions import create_token
from accounts.models import User
from accounts.queries import system_actor


@pytest.fixture(autouse=True)
def _client_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client would ask its maker's hub, once, which tools call themselves agents."""
    monkeypatch.setattr(_detect_agent, "_registry", {"standardEnvVars": [], "harnesses": {}})


@pytest.fixture(autouse=True)
def _client_warned_of_nothing_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client says a warning once in a process, so that it depended on the tests before whether it says it here."""
    monkeypatch.setattr(client_http, "_WARNED_TOPICS", set())


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    """The requests of other tests count for nobody here."""
    cache.clear()


@pytest.fixture
def send(db: None) -> Callable[..., Any]:
    """send("post", "/api/…", body, user=None, scope="write", **headers): what is answered, without the client."""

    def with_token(
        method: str, path: str, body: Any = None, *, user: User | None = None, scope: str = "write", **headers: str
    ) -> Any:
        if user:
            headers["Authorization"] = f"Bearer {create_token(user, scope=scope, actor=system_actor())}"
        raw = isinstance(body, bytes)
        options = {"content_type": "application/x-ndjson" if raw else "application/json"} if body is not None else {}
        return getattr(Client(), method)(path, body, headers=headers, **options)

    return with_token


@pytest.fixture
def endpoint(db: None) -> Iterator[str]:
    """The address under which the client reaches our application."""
    application = WSGIHandler()

    def client() -> httpx2.Client:
        hooks = {"request": [client_http.hf_request_event_hook]}
        transport = httpx2.WSGITransport(app=application)
        return httpx2.Client(transport=transport, event_hooks=hooks, follow_redirects=True)

    # As Django's own test client does: the connection holds the transaction of the test.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    set_client_factory(client)
    yield "http://testserver"
    set_client_factory(client_http.default_client_factory)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def hub(endpoint: str) -> Callable[..., HfApi]:
    """hub(user=None, scope="write"): the client of this person; of nobody without one."""

    def client_of(user: User | None = None, scope: str = "write") -> HfApi:
        token: str | bool = create_token(user, scope=scope, actor=system_actor()) if user else False
        return HfApi(endpoint=endpoint, token=token)

    return client_of


@pytest.fixture
def download(tmp_path: Path) -> Callable[..., bytes]:
    """download(api, repository, "file"): its content, through the client's cache in a fresh folder."""

    def fetch(api: HfApi, repository: object, path: str, **options: Any) -> bytes:
        return Path(api.hf_hub_download(str(repository), path, cache_dir=tmp_path / "cache", **options)).read_bytes()

    return fetch
