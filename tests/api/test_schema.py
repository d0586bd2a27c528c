"""The description of the API is valid, complete and quiet (K1)."""

import pytest
import yaml
from django.core.management import call_command

ENDPOINTS = {
    ("/api/v1/clauses", "get"),
    ("/api/v1/reports", "get"),
    ("/api/v1/reports", "post"),
    ("/api/v1/reports/{report_id}", "get"),
    ("/api/v1/reports/others/{comment_id}", "get"),
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
    ("/api/v1/cases/on-the-spot", "post"),
    ("/api/v1/cases/{case_id}/preview", "post"),
    ("/api/v1/cases/{case_id}", "get"),
    ("/api/v1/cases/{case_id}/claim", "post"),
    ("/api/v1/cases/{case_id}/release", "post"),
    ("/api/v1/cases/{case_id}/decisions", "post"),
    ("/api/v1/decisions/{decision_id}", "get"),
    ("/api/v1/measures/lift", "post"),
    ("/api/v1/measures/{measure_id}/lift", "post"),
    ("/api/v1/bulk-decisions", "post"),
    ("/api/v1/bulk-decisions/preview", "post"),
    ("/api/v1/bulk-decisions/{bulk_id}", "get"),
    ("/api/v1/bulk-decisions/{bulk_id}/undo", "post"),
    ("/api/v1/bulk-decisions/{bulk_id}/lift", "post"),
    ("/api/v1/repositories/{repository_id}/moderation", "get"),
    ("/api/v1/repositories/{kind}/{owner}/{name}/moderation", "get"),
    ("/api/v1/standing", "get"),
    ("/api/v1/standing/appeals", "get"),
    ("/api/v1/standing/holding", "get"),
    ("/api/v1/cases/{case_id}/ask-owner", "post"),
    ("/api/v1/cases/{case_id}/requests", "get"),
    ("/api/v1/cases/{case_id}/requests", "post"),
    ("/api/v1/cases/{case_id}/conditions", "get"),
    ("/api/v1/conditions/{condition_id}/withdraw", "post"),
    ("/api/v1/cases/{case_id}/at-risk", "put"),
    ("/api/v1/cases/{case_id}/escalate", "post"),
    ("/api/v1/cases/{case_id}/hand-over", "post"),
    ("/api/v1/cases/{case_id}/links", "get"),
    ("/api/v1/cases/{case_id}/links/{other_id}", "delete"),
    ("/api/v1/cases/{case_id}/links/{other_id}", "put"),
    ("/api/v1/cases/{case_id}/notes", "post"),
    ("/api/v1/cases/{case_id}/parties", "get"),
    ("/api/v1/cases/{case_id}/parties", "post"),
    ("/api/v1/cases/{case_id}/precedents", "get"),
    ("/api/v1/cases/{case_id}/renew", "post"),
    ("/api/v1/cases/{case_id}/reopen", "post"),
    ("/api/v1/cases/{case_id}/snooze", "post"),
    ("/api/v1/cases/{case_id}/summary", "post"),
    ("/api/v1/cases/{case_id}/support", "post"),
    ("/api/v1/cases/{case_id}/track", "put"),
    ("/api/v1/cases/{case_id}/wake", "post"),
    ("/api/v1/confirmations", "get"),
    ("/api/v1/decisions/{decision_id}/confirm", "post"),
    ("/api/v1/decisions/{decision_id}/decline", "post"),
    ("/api/v1/decisions/{decision_id}/undo", "post"),
    ("/api/v1/matters", "get"),
    ("/api/v1/matters/{matter_id}", "get"),
    ("/api/v1/matters/{matter_id}/messages", "get"),
    ("/api/v1/matters/{matter_id}/answers", "post"),
    ("/api/v1/matters/{matter_id}/appeal", "post"),
    ("/api/v1/matters/{matter_id}/leave", "post"),
    ("/api/v1/matters/{matter_id}/naming", "put"),
    ("/api/v1/parties/{party_id}/ask", "post"),
    ("/api/v1/parties/{party_id}/leave", "post"),
    ("/api/v1/parties/{party_id}/messages", "get"),
    ("/api/v1/parties/{party_id}/reply", "post"),
    ("/api/v1/reason-templates", "get"),
    ("/api/v1/reason-templates", "post"),
    ("/api/v1/reason-templates/{template_id}", "delete"),
    ("/api/v1/reason-templates/{template_id}", "get"),
    ("/api/v1/reason-templates/{template_id}", "patch"),
    ("/api/v1/reports/{report_id}", "patch"),
    ("/api/v1/reports/{report_id}/withdraw", "post"),
    ("/api/v1/views", "get"),
    ("/api/v1/views", "post"),
    ("/api/v1/views/{view_id}", "delete"),
    ("/api/v1/views/{view_id}", "get"),
    ("/api/v1/views/{view_id}", "patch"),
    ("/api/v1/appeals/{appeal_id}", "get"),
    ("/api/v1/appeals/{appeal_id}/answer", "post"),
    ("/api/v1/appeals/{appeal_id}/ask", "post"),
    ("/api/v1/appeals/{appeal_id}/attachments", "get"),
    ("/api/v1/appeals/{appeal_id}/attachments", "post"),
    ("/api/v1/appeals/{appeal_id}/attachments/{attachment_id}", "get"),
    ("/api/v1/appeals/{appeal_id}/messages", "get"),
    ("/api/v1/appeals/{appeal_id}/messages", "post"),
    ("/api/v1/appeals/{appeal_id}/talk", "get"),
    ("/api/v1/cases/news", "get"),
    ("/api/v1/cases/{case_id}/answers", "get"),
    ("/api/v1/cases/{case_id}/answers/read", "post"),
    ("/api/v1/cases/{case_id}/appeals", "get"),
    ("/api/v1/cases/{case_id}/attachments", "get"),
    ("/api/v1/search", "get"),
    ("/api/v1/repositories/{repository_id}/inspection", "put"),
    ("/api/v1/repositories/{repository_id}/inspection", "delete"),
    ("/api/v1/decisions/{decision_id}/confirmation", "get"),
    ("/api/v1/decisions/{decision_id}/confirmation/files", "get"),
    ("/api/v1/cases/{case_id}/attachments/{attachment_id}/picture", "get"),
    ("/api/v1/cases/{case_id}/pictures/{snapshot_id}", "get"),
    ("/api/v1/cases/{case_id}/snapshots", "get"),
    ("/api/v1/cases/{case_id}/measures", "get"),
    ("/api/v1/cases/{case_id}/events", "get"),
    ("/api/v1/cases/{case_id}/decisions", "get"),
    ("/api/v1/cases/{case_id}/attachments/{attachment_id}", "get"),
    ("/api/v1/cases/{case_id}/background", "get"),
    ("/api/v1/cases/{case_id}/evidence", "get"),
    ("/api/v1/cases/{case_id}/locked", "get"),
    ("/api/v1/cases/{case_id}/locked", "put"),
    ("/api/v1/cases/{case_id}/locked/{snapshot_id}/open", "post"),
    ("/api/v1/cases/{case_id}/options", "get"),
    ("/api/v1/cases/{case_id}/priority", "get"),
    ("/api/v1/cases/{case_id}/reason-templates/{template_id}", "get"),
    ("/api/v1/cases/{case_id}/reports", "get"),
    ("/api/v1/cases/{case_id}/reveal", "post"),
    ("/api/v1/inbox", "get"),
    ("/api/v1/inbox/{letter_id}", "get"),
    ("/api/v1/inbox/{letter_id}/read", "post"),
    ("/api/v1/claims", "post"),
    ("/api/v1/claims/{report_id}", "get"),
    ("/api/v1/claims/{report_id}", "put"),
    ("/api/v1/claims/{report_id}/counter-statement", "get"),
    ("/api/v1/claims/{report_id}/counter-statement", "post"),
    ("/api/v1/claims/{report_id}/suit", "post"),
    ("/api/v1/comfort", "get"),
    ("/api/v1/comfort", "patch"),
    ("/api/v1/counter-statements/{counter_id}/suit", "post"),
    ("/api/v1/entries", "post"),
    ("/api/v1/flaggers", "get"),
    ("/api/v1/flaggers", "post"),
    ("/api/v1/flaggers/{person_id}", "delete"),
    ("/api/v1/flaggers/{person_id}", "get"),
    ("/api/v1/flaggers/{person_id}", "patch"),
    ("/api/v1/lanes", "get"),
    ("/api/v1/people/{person_id}", "get"),
    ("/api/v1/people/{person_id}/cases", "get"),
    ("/api/v1/people/{person_id}/measures", "get"),
    ("/api/v1/people/{person_id}/appeals", "get"),
    ("/api/v1/transparency", "get"),
    ("/api/v1/undocumented", "get"),
    ("/api/v1/people/{person_id}/appeal-limit", "delete"),
    ("/api/v1/people/{person_id}/appeal-limit", "get"),
    ("/api/v1/people/{person_id}/reporting-limit", "delete"),
    ("/api/v1/reports/{report_id}/appeal", "post"),
    ("/api/v1/reports/{report_id}/attachments", "get"),
    ("/api/v1/reports/{report_id}/attachments", "post"),
    ("/api/v1/rules", "get"),
    ("/api/v1/classifiers", "get"),
    ("/api/v1/classifiers/{code}/labels/{label}", "get"),
    ("/api/v1/classifiers/{code}/bias-reports", "get"),
    ("/api/v1/classifiers/{code}/bias-reports", "post"),
    ("/api/v1/bias-reports/{report_id}", "get"),
    ("/api/v1/rules", "post"),
    ("/api/v1/rules/{rule_id}", "get"),
    ("/api/v1/rules/{rule_id}", "patch"),
    ("/api/v1/rules/{rule_id}/backtests", "get"),
    ("/api/v1/rules/{rule_id}/backtests", "post"),
    ("/api/v1/backtests/{backtest_id}", "get"),
    ("/api/v1/backtests/{backtest_id}/cases", "get"),
    ("/api/v1/rules/{rule_id}/mode", "put"),
    ("/api/v1/rules/{rule_id}/runs", "get"),
    ("/api/v1/statements", "get"),
    ("/api/v1/statements/{statement_id}", "get"),
    ("/api/v1/statements/{statement_id}/appeal", "post"),
    ("/api/v1/views/counts", "get"),
    ("/api/v1/weights", "get"),
    ("/api/v1/weights", "put"),
}


def test_valid_without_a_warning(tmp_path, capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))
    schema = yaml.safe_load((tmp_path / "schema.yaml").read_text())
    described = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    assert described == ENDPOINTS
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    poor = {name: lacks for name, lacks in _lacking(schema).items() if lacks}
    assert not poor, poor


# For everybody, with or without a token.
PUBLIC = ("/api/v1/clauses", "/api/v1/transparency")


def _lacking(schema):
    """What the description of each operation lacks of what every one has."""
    lacking = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            wanted = {
                "summary": operation.get("summary"),
                "description": operation.get("description"),
                "example": content.get("application/json", {"examples": True}).get("examples"),
                "errors": {"401", "403", "404", "405"} <= set(operation["responses"]) or path in PUBLIC,
                "body": not content or {"400", "413"} <= set(operation["responses"]),
                # Other kinds of bodies are refused; downloads answer whatever is asked for.
                "media": "application/json" not in content or "415" in operation["responses"],
            }
            lacking[f"{method} {path}"] = [name for name, there in wanted.items() if not there]
    return lacking


@pytest.mark.django_db
def test_served(client):
    response = client.get("/api/schema/")
    assert response.status_code == 200
    described = yaml.safe_load(response.content)
    assert described["info"]["title"] == "Ombud API"
    again = client.get("/api/schema/")
    assert (again.content, again["Content-Type"]) == (response.content, response["Content-Type"])
    as_json = client.get("/api/schema/", headers={"Accept": "application/json"})
    assert as_json["Content-Type"].startswith("application/json")
    assert as_json.json()["paths"].keys() == described["paths"].keys()


@pytest.mark.django_db
def test_page(client):
    page, script = client.get("/api/docs/"), client.get("/api/docs/?script=")
    assert b"<style" not in page.content
    assert b"/api/schema/" in script.content
    assert script["Content-Type"].startswith("application/javascript")
