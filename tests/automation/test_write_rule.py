"""Writing rules: in the form, with and without a script, and by programs (I1, I2)."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.queries import system_actor
from foundation.errors import Forbidden, Refused
from moderation.automation.actions import change_rule
from moderation.automation.models import Rule
from tests.api.conftest import code, program, team

__all__ = ["program", "team"]

CONDITIONS = {
    "groups": [
        {
            "match": "all",
            "conditions": [
                {"kind": "score", "label": "toxicity", "level": "flagged"},
                {"kind": "strikes", "comparison": "at_least", "number": 2, "days": 90},
            ],
        },
        {
            "match": "any",
            "conditions": [
                {"kind": "language", "comparison": "one_of", "values": ["en", "th"]},
                {"kind": "clause", "comparison": "none_of", "values": ["spam"]},
            ],
        },
    ]
}
BODY = {
    "title": "Rude again", "subject_kinds": ["comment"], "conditions": CONDITIONS, "clause": "harassment",
    "measure": "posting_ban", "lasts": 12, "explanation": "You did it again. A moderator will look at it soon.",
}  # fmt: skip
SENT = {
    "title": "Rude again", "subject_kinds": ["comment"], "clause": "harassment", "measure": "posting_ban",
    "lasts": "12", "explanation": "You did it again. A moderator will look at it soon.", "groups": "2",
    "g0-match": "all", "g0-rows": "2", "g0-c0-kind": "score", "g0-c0-label": "toxicity", "g0-c0-compares": "flagged",
    "g0-c1-kind": "strikes", "g0-c1-compares": "at_least", "g0-c1-number": "2", "g0-c1-days": "90",
    "g1-match": "any", "g1-rows": "2", "g1-c0-kind": "language", "g1-c0-compares": "one_of",
    "g1-c0-languages": "en, TH", "g1-c1-kind": "clause", "g1-c1-compares": "none_of", "g1-c1-clauses": ["spam"],
}  # fmt: skip


@pytest.fixture
def desk(sign_in, moderator) -> Client:
    return sign_in(moderator)


@pytest.fixture
def rule(db) -> Rule:
    return Rule.objects.select_related("clause").get(code="toxic-comment")


def typed(page: str) -> dict[str, Any]:
    """What a browser would send of the form on this page."""
    sent: dict[str, Any] = {}
    form = page[page.index('id="editor"') :]
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") == "checkbox" and "checked" not in tag:
            continue
        if name := found.get("name"):
            sent.setdefault(name, []).append(found.get("value", ""))
    for name, options in re.findall(r'<select name="([^"]*)"(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'value="([^"]*)" selected', options)
    for name, text in re.findall(r'<textarea name="([^"]*)".*?>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [text.strip()]
    sent.pop("csrfmiddlewaretoken", None)
    return sent


# The form ----------------------------------------------------------------------------------------------------------


def test_moderators_write_a_rule_without_code(desk):
    answer = desk.post("/rules/new", SENT)
    assert answer.status_code == 303
    rule = Rule.objects.get(title="Rude again")
    assert (rule.mode, rule.conditions, rule.lasts, rule.clauses) == ("shadow", CONDITIONS, 12, [])
    page = desk.get(answer["Location"]).content.decode()
    for words in (
        "a classifier flags “toxicity”", "within 90 days we found at least 2 other violations of the author",
        "it is written in one of these languages: en, th", "ends by itself after 12 hours",
    ):  # fmt: skip
        assert words in page


def test_the_form_shows_what_is_stored_and_saves_the_same(desk, rule):
    Rule.objects.filter(pk=rule.pk).update(conditions=CONDITIONS, clauses=["spam"])
    sent = typed(desk.get(f"/rules/{rule.public_id}/edit").content.decode())
    since = rule.since
    assert desk.post(f"/rules/{rule.public_id}/edit", sent).status_code == 303
    rule.refresh_from_db()
    assert (rule.conditions, rule.clauses, rule.since, rule.title) == (CONDITIONS, ["spam"], since, sent["title"][0])


def test_buttons_add_and_remove_rows_without_a_script(desk, rule):
    address = f"/rules/{rule.public_id}/edit"
    page = desk.post(address, SENT | {"do": "add:0"}).content.decode()
    assert "<html" in page
    assert 'name="g0-c2-kind"' in page
    assert typed(page)["g0-rows"] == ["3"]
    page = desk.post(address, SENT | {"do": "remove:0:0"}).content.decode()
    sent = typed(page)
    assert (sent["g0-rows"], sent["g0-c0-kind"], sent["g0-c0-days"]) == (["1"], ["strikes"], ["90"])
    assert 'id="add-0"' in page
    assert re.search(r'id="add-0"[^>]*autofocus', page)
    page = desk.post(address, SENT | {"do": "add-group"}).content.decode()
    assert typed(page)["groups"] == ["3"]
    page = desk.post(address, sent | {"do": "remove:0:0"}).content.decode()
    assert typed(page)["groups"] == ["1"]
    assert "errorlist" not in page
    rule.refresh_from_db()
    assert rule.title != "Rude again"


@pytest.mark.parametrize("do", ["add:9", "remove:0:9", "remove:x", "add:²", "jump", "remove:0:0:0"])
def test_a_button_that_nobody_made_changes_nothing(desk, rule, do):
    page = desk.post("/rules/new", SENT | {"do": do}).content.decode()
    assert (typed(page)["groups"], typed(page)["g0-rows"], typed(page)["g1-rows"]) == (["2"], ["2"], ["2"])


def test_htmx_gets_the_form_that_the_fresh_page_has(desk):
    sent = SENT | {"do": "add:1"}
    part = desk.post("/rules/new", sent, headers={"HX-Request": "true"}).content.decode()
    whole = desk.post("/rules/new", sent).content.decode()
    assert "<html" not in part
    assert typed(part) == typed(whole)


def test_another_kind_brings_its_own_fields_and_plain_words_follow(desk):
    page = desk.post("/rules/new", SENT | {"g0-c1-kind": "downloads", "do": "refresh"}).content.decode()
    assert 'name="g0-c1-days"' not in page
    assert "its repository has at least 2 downloads" in page
    assert "within 90 days" not in page
    page = desk.post("/rules/new", SENT | {"g0-c0-compares": "at_least", "do": "refresh"}).content.decode()
    assert 'name="g0-c0-number"' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"g0-c1-number": ""}, "This field is required"),
        ({"g0-c1-number": "1001"}, "a whole number from 0 to 1000"),
        ({"g0-c1-number": "nan"}, "Enter a number"),
        ({"g1-c0-languages": "English"}, "a code such as"),
        ({"g0-c0-label": "so bad"}, "a label of a classifier"),
        ({"measure": "hide_comment"}, "not one of the available choices"),
        ({"measure": "downgrade"}, "does not let a rule do this by itself"),
        ({"lasts": "49"}, "it may hold for 1 to 48 hours"),
        ({"subject_kinds": ["organization"]}, "can only be taken on these"),
        ({"groups": "1", "g0-rows": "1", "g0-c0-kind": "subject", "g0-c0-compares": "one_of",
          "g0-c0-subjects": ["comment"]}, "Add a condition over scores"),
        ({"g0-c0-kind": "mood", "groups": "x", "g0-rows": "-1"}, "This field is required"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_rule_is_said_and_kept(desk, changes, words):
    answer = desk.post("/rules/new", SENT | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Rude again" in page
    assert not Rule.objects.filter(title="Rude again").exists()


def test_editing_a_live_rule_lets_it_only_watch(desk, rule):
    Rule.objects.filter(pk=rule.pk).update(mode="live")
    assert "It acts at this moment." in desk.get(f"/rules/{rule.public_id}/edit").content.decode()
    assert desk.post(f"/rules/{rule.public_id}/edit", SENT).status_code == 303
    rule.refresh_from_db()
    assert (rule.mode, rule.conditions) == ("shadow", CONDITIONS)


def test_what_it_takes_to_be_live_is_not_for_whoever_writes_rules(desk, rule, moderator, sign_in, admin):
    page = desk.get(f"/rules/{rule.public_id}/edit").content.decode()
    assert 'name="floor"' not in page
    desk.post(f"/rules/{rule.public_id}/edit", SENT | {"floor": "0.5", "enough": "1"})
    rule.refresh_from_db()
    assert (rule.floor, rule.enough) == (0.9, 20)
    rule.floor = 0.5
    with pytest.raises(Forbidden):
        change_rule(rule, ["floor"], actor=moderator)
    assert 'name="floor"' in sign_in(admin).get(f"/rules/{rule.public_id}/edit").content.decode()


def test_others_do_not_write_rules(sign_in, reporter, moderator, rule):
    assert sign_in(reporter).get("/rules/new").status_code == 404
    moderator.groups.get(name="Moderators").permissions.remove(
        *moderator.groups.get(name="Moderators").permissions.filter(codename="change_rule")
    )
    client = sign_in(type(moderator).objects.get(pk=moderator.pk))
    assert client.get("/rules/new").status_code == 403
    assert client.post(f"/rules/{rule.public_id}/edit", SENT).status_code == 403
    assert "Change the rule" not in client.get(f"/rules/{rule.public_id}").content.decode()


def test_the_action_itself_refuses_what_could_not_act(rule):
    rule.measure = "downgrade"
    with pytest.raises(Refused) as refusal:
        change_rule(rule, ["measure"], actor=system_actor())
    assert (refusal.value.code, refusal.value.status) == ("unsound", 400)


# Programs ----------------------------------------------------------------------------------------------------------


def test_programs_write_and_change_rules(team):
    answer = team.post("/api/v1/rules", BODY)
    assert answer.status_code == 201
    said = answer.json()
    assert (said["mode"], said["conditions"], said["lasts"]) == ("shadow", CONDITIONS, 12)
    address = f"/api/v1/rules/{said['id']}"
    changed = team.patch(address, {"lasts": None, "clauses": ["harassment"]}).json()
    assert (changed["lasts"], changed["clauses"], changed["conditions"]) == (None, ["harassment"], CONDITIONS)
    refused = team.patch(address, {"enough": 1})
    assert (refused.status_code, code(refused)) == (403, "permission_denied")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"conditions": {"groups": []}}, "Give an object with a list"),
        ({"conditions": None}, "may not be null"),
        ({"measure": "downgrade"}, "does not let a rule do this by itself"),
        ({"clauses": ["gossip"]}, "There is no clause “gossip”"),
        ({"lasts": 60}, "it may hold for 1 to 48 hours"),
        ({"subject_kinds": []}, "may not be empty"),
    ],
)
def test_programs_hear_what_does_not_fit(team, changes, words):
    answer = team.post("/api/v1/rules", BODY | changes)
    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["detail"]


def test_programs_of_others_write_none(program, reporter, rule):
    mine = program(reporter, "write")
    assert mine.post("/api/v1/rules", BODY).status_code in (403, 404)
    assert mine.patch(f"/api/v1/rules/{rule.public_id}", {"lasts": 1}).status_code in (403, 404)


def test_numbers_of_scores_are_for_those_who_may_see_scores(team, desk, rule, moderator):
    """Whoever tries numbers learns the scores from which cases are left (H6)."""
    number = {"kind": "score", "label": "toxicity", "comparison": "at_least", "number": 0.73}
    exact = {"groups": [{"match": "all", "conditions": [number]}]}
    assert team.post("/api/v1/rules", BODY | {"conditions": exact}).status_code == 201
    moderator.groups.get().permissions.remove(*moderator.groups.get().permissions.filter(codename="see_thresholds"))
    address = f"/api/v1/rules/{rule.public_id}"
    for answer in (
        team.post("/api/v1/rules", BODY | {"conditions": exact}), team.patch(address, {"conditions": exact}),
        team.post(f"{address}/backtests", {"conditions": exact}),
    ):  # fmt: skip
        assert (answer.status_code, code(answer)) == (403, "permission_denied")
    Rule.objects.filter(pk=rule.pk).update(conditions=exact)
    assert "0.73" not in team.get(address).content.decode()
    assert "0.73" not in desk.get(f"/rules/{rule.public_id}").content.decode()
    assert desk.get(f"/rules/{rule.public_id}/edit").status_code == 403
    assert team.patch(address, {"lasts": 5}).status_code == 200
