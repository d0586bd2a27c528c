"""The description of the API is valid, complete and quiet (K1)."""

import pytest
import yaml
from django.core.management import call_command

ENDPOINTS = {
    ("/api/v1/clauses", "get"),
    ("/api/v1/reports", "get"),
    ("/api/v1/reports", "post"),
    ("/api/v1/reports/{report_id}", "get"),
    ("/api/v1/repositories/{repository_id}/discussions", "get"),
    ("/api/v1/repositories/{repository_id}/discussions", "post"),
    ("/api/v1/repositories/{repository_id}/subscription", "get"),
    ("/api/v1/repositories/{repository_id}/subscription", "put"),
    ("/api/v1/repositories/{repository_id}/subscription", "delete"),
    ("/api/v1/repositories/{kind}/{owner}/{name}/discussions", "get"),
    ("/api/v1/repositories/{kind}/{owner}/{name}/discussions", "post"),
    ("/api/v1/repositories/{kind}/{owner}/{name}/discussions/{number}", "get"),
    ("/api/v1/discussions/{discussion_id}", "get"),
    ("/api/v1/discussions/{discussion_id}", "patch"),
    ("/api/v1/discussions/{discussion_id}/timeline", "get"),
    ("/api/v1/discussions/{discussion_id}/comments", "post"),
    ("/api/v1/discussions/{discussion_id}/merge", "post"),
    ("/api/v1/discussions/{discussion_id}/ready", "post"),
    ("/api/v1/discussions/{discussion_id}/subscription", "get"),
    ("/api/v1/discussions/{discussion_id}/subscription", "put"),
    ("/api/v1/discussions/{discussion_id}/subscription", "delete"),
    ("/api/v1/comments/{comment_id}", "get"),
    ("/api/v1/comments/{comment_id}", "patch"),
    ("/api/v1/comments/{comment_id}/hide", "post"),
    ("/api/v1/comments/{comment_id}/unhide", "post"),
    ("/api/v1/comments/{comment_id}/reactions/{kind}", "put"),
    ("/api/v1/comments/{comment_id}/reactions/{kind}", "delete"),
    ("/api/v1/cases", "get"),
    ("/api/v1/cases/next", "post"),
    ("/api/v1/cases/{case_id}", "get"),
    ("/api/v1/cases/{case_id}/claim", "post"),
    ("/api/v1/cases/{case_id}/release", "post"),
    ("/api/v1/cases/{case_id}/decisions", "post"),
    ("/api/v1/decisions/{decision_id}", "get"),
    ("/api/v1/measures/{measure_id}/lift", "post"),
}


def test_valid_without_a_warning(tmp_path, capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))
    schema = yaml.safe_load((tmp_path / "schema.yaml").read_text())
    described = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    assert described == ENDPOINTS
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.django_db
def test_served(client):
    response = client.get("/api/schema/")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Ombud API"


@pytest.mark.django_db
def test_page(client):
    page, script = client.get("/api/docs/"), client.get("/api/docs/?script=")
    assert b"<style" not in page.content
    assert b"/api/schema/" in script.content
    assert script["Content-Type"].startswith("application/javascript")
