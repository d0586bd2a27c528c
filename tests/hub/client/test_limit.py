"""Check 28: who asks too often reads how long to wait."""

import re

from tests.hub.client.server import web_server


def test_too_many_requests(run, token, repository, reporter, tmp_path):
    with web_server(tmp_path, OMBUD_HUB_REQUESTS_PER_WINDOW="2") as limited:
        seen = run("limit", at=limited.address, stranger=token(reporter), name="nok/tiny-model", number=3)
    assert seen["answers"][:2] == ["nok/tiny-model"] * 2
    assert seen["answers"][2]["status"] == 429
    assert re.search(r"(again in|Retry after) \d+ seconds", seen["answers"][2]["text"])
    assert re.fullmatch(r'"api";r=0;t=\d+', seen["headers"]["ratelimit"])
    assert seen["headers"]["ratelimit-policy"] == '"fixed window";"api";q=2;w=300'
    assert 0 < int(seen["headers"]["retry-after"]) <= 300
