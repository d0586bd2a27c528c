"""A private repository of somebody else and a name that was never there: nothing tells them apart (A2).

Neither status, words, headers, nor the number of questions to the database, at any endpoint, for anybody.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from repositories.actions import like
from repositories.models import Visibility

REPOSITORY = "/api/models/nok/secret"
ENDPOINTS = {
    "info": ("get", REPOSITORY, None),
    "info with everything": ("get", f"{REPOSITORY}?securityStatus=true&blobs=true", None),
    "revision": ("get", f"{REPOSITORY}/revision/main", None),
    "tree": ("get", f"{REPOSITORY}/tree/main?recursive=true&expand=true", None),
    "folder": ("get", f"{REPOSITORY}/tree/main/weights", None),
    "paths": ("post", f"{REPOSITORY}/paths-info/main", {"paths": ["README.md"]}),
    "refs": ("get", f"{REPOSITORY}/refs?include_prs=1", None),
    "commits": ("get", f"{REPOSITORY}/commits/main", None),
    "check": ("get", f"{REPOSITORY}/auth-check", None),
    "check of writing": ("get", f"{REPOSITORY}/auth-check/write", None),
    "download": ("get", "/nok/secret/resolve/main/README.md", None),
    "metadata": ("head", "/nok/secret/resolve/main/README.md", None),
    "earlier revision": ("get", f"/nok/secret/resolve/{'0' * 40}/x", None),
    "settings": ("put", f"{REPOSITORY}/settings", {"gated": "auto"}),
    "preupload": ("post", f"{REPOSITORY}/preupload/main", {"files": [{"path": "a"}]}),
    "preupload of a proposal": ("post", f"{REPOSITORY}/preupload/main?create_pr=1", {"files": []}),
    "commit": ("post", f"{REPOSITORY}/commit/main", b'{"key": "header", "value": {"summary": "x"}}'),
    "commit to a proposal": ("post", f"{REPOSITORY}/commit/refs%2Fpr%2F1", b"{}"),
    "like": ("post", f"{REPOSITORY}/like", {}),
    "unlike": ("delete", f"{REPOSITORY}/like", {}),
    "likers": ("get", f"{REPOSITORY}/likers", None),
    "requests": ("get", f"{REPOSITORY}/user-access-request/pending", None),
    "decision": ("post", f"{REPOSITORY}/user-access-request/handle", {"user": "iris", "status": "accepted"}),
    "grant": ("post", f"{REPOSITORY}/user-access-request/grant", {"user": "iris"}),
    "asking": ("post", "/nok/secret/ask-access", {}),
    "discussions": ("get", f"{REPOSITORY}/discussions", None),
    "new discussion": ("post", f"{REPOSITORY}/discussions", {"title": "x", "description": "x"}),
    "delete": ("delete", "/api/repos/delete", {"name": "secret", "organization": "nok"}),
    "move": ("post", "/api/repos/move", {"fromRepo": "nok/secret", "toRepo": "iris/mine", "type": "model"}),
    "create there": ("post", "/api/repos/create", {"name": "secret", "organization": "nok"}),
}


# Without a token, asking for access is the page of that address.
PAIRS = [(one, who) for one in ENDPOINTS for who in ("nobody", "stranger") if (one, who) != ("asking", "nobody")]
NAMES = ("secret", "absent")
# The moment, and how many requests are left: each differs from one request to the next.
PASSING = ("Expires", "RateLimit")


@pytest.mark.parametrize(("endpoint", "who"), PAIRS)
def test_nothing_tells_them_apart(send, make_repository, reporter, owner, endpoint, who):
    secret = make_repository("secret", visibility=Visibility.PRIVATE)
    like(secret, actor=owner)
    private, missing = (_seen(send, endpoint, reporter if who == "stranger" else None, name) for name in NAMES)
    assert private == missing
    assert private[0] in ((401, 404) if endpoint != "create there" else (401, 403))


def _seen(send, endpoint, user, name):
    method, path, body = ENDPOINTS[endpoint]
    if isinstance(body, dict):
        body = {key: value.replace("secret", name) if isinstance(value, str) else value for key, value in body.items()}
    with CaptureQueriesContext(connection) as queries:
        response = send(method, path.replace("secret", name), body, user=user, **{"X-Request-Id": "the-same"})
    told = {header: value for header, value in response.headers.items() if header not in PASSING}
    words = response.content.decode().replace(name, "secret")
    return response.status_code, words, told, len(queries)
