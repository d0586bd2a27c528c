"""What holds for every endpoint: ids, methods, scopes, sessions, sizes, unknown addresses (K2)."""

import pytest

PATH = "/api/models/nok/tiny-model"


@pytest.mark.parametrize(
    "path", [PATH, "/api/models/nok/nothing", "/api/nothing", "/api/models/gpt2", "/api/whoami-v2"]
)
def test_every_answer_has_an_id(send, repository, path):
    assert send("get", path, **{"X-Request-Id": "mine-1"})["X-Request-Id"] == "mine-1"
    assert send("get", path, **{"X-Amzn-Trace-Id": "Root=1-2"})["X-Request-Id"] == "Root=1-2"
    assert len(send("get", path, **{"X-Request-Id": "a b\tc"})["X-Request-Id"]) == 36
    assert send("get", path)["X-Request-Id"] != send("get", path)["X-Request-Id"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/models/nok/tiny-model/xet-write-token/main",
        "/api/models/nok/tiny-model/super-squash/main",
        "/api/models/nok/tiny-model/branch/other",
        "/api/collections",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_what_is_not_here_is_said(send, repository, owner, method, path):
    response = send(method, path, user=owner)
    assert (response.status_code, response.json()) == (404, {"error": "This hub does not answer here"})


def test_method(send, repository):
    response = send("put", PATH)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_asking_needs_no_scope(send, repository, reporter):
    body = {"content": "# A card"}
    assert send("post", "/api/validate-yaml", body, user=reporter, scope="read").status_code == 200
    assert send("post", "/api/validate-yaml", body).status_code == 200
    assert send("post", f"{PATH}/like", {}, user=reporter, scope="read").status_code == 403


def test_a_session_only_reads(sign_in, repository, owner):
    client = sign_in(owner)
    assert client.get(f"{PATH}/auth-check/write").status_code == 200
    for method, path in (("post", f"{PATH}/like"), ("put", f"{PATH}/settings"), ("delete", "/api/repos/delete")):
        body = {"gated": "auto", "name": "tiny-model"}
        assert getattr(client, method)(path, body, content_type="application/json").status_code == 401
    assert client.post("/nok/tiny-model/ask-access", headers={"Authorization": "Bearer x"}).status_code == 401


def test_what_is_signed_in_for_is_kept_by_no_cache(send, repository, owner):
    assert "no-store" in send("get", PATH, user=owner)["Cache-Control"]
    assert "Cache-Control" not in send("get", PATH)


def test_too_large(send, repository, owner):
    body = {"name": "x" * 3_000_000}
    assert send("post", "/api/repos/create", body, user=owner).status_code == 413
    assert send("post", "/api/validate-yaml", {"content": "x" * 3_000_000}).status_code == 413


def test_an_address_that_moved(send, repository, owner, organization):
    from repositories.actions.move import move_repository

    move_repository(repository, namespace=organization.namespace, name="moved", actor=owner)
    for path in (f"{PATH}/tree/main?expand=true", "/nok/tiny-model/resolve/main/README.md"):
        response = send("get", path)
        # Without a host: older clients follow no other from a HEAD.
        assert (response.status_code, response["Location"]) == (307, path.replace("nok/tiny-model", "mekong-lab/moved"))
        assert send("get", response["Location"]).status_code == 200
