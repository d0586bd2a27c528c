"""Templates of reasons: writing them, and filling one in without losing what was typed."""

import re
import uuid

import pytest

from foundation.errors import Refused
from moderation.cases.actions import claim
from moderation.cases.actions.templates import change_template, write_template
from moderation.cases.models import ReasonTemplate
from moderation.cases.templates_of_reasons import VARIABLES, fill, unknown_in

NOBODYS = "00000000-0000-4000-8000-000000000000"
TEXT = "Dear {author}, “{subject}” breaks our rules: {clause} ({policy_version})."
FILLED = "Dear quentin, “#1 How do I load this?” breaks our rules: Harassment and bullying (version 1)."


@pytest.fixture
def template(moderator, clause):
    return write_template(
        actor=moderator,
        title="Insults",
        text=TEXT,
        language="en",
        outcome="violation",
        clause=clause("harassment"),
        measures=["friendly_warning", "downgrade"],
    )


@pytest.fixture
def form():
    def data(**changes):
        return {
            "title": "Insults",
            "text": TEXT,
            "language": "en",
            "outcome": "violation",
            "clause": "harassment",
            "measures": ["friendly_warning"],
            "active": "on",
            **changes,
        }

    return data


@pytest.mark.parametrize("path", ["", "/new", "/{id}"])
def test_strangers_and_others_find_nothing(client, sign_in, reporter, template, path):
    address = "/cases/templates" + path.format(id=template.public_id)
    assert client.get(address).status_code == 302
    assert sign_in(reporter).get(address).status_code == 404
    assert sign_in(reporter).post(address).status_code == 404


def test_any_moderator_writes_and_changes(sign_in, moderator, other_moderator, form):
    assert sign_in(moderator).post("/cases/templates/new", form()).status_code == 303
    row = ReasonTemplate.objects.get()
    sent = form(title="Insults, again", active="")
    assert sign_in(other_moderator).post(f"/cases/templates/{row.public_id}", sent).status_code == 303
    row.refresh_from_db()
    assert (row.title, row.active, row.created_by, row.measures) == (
        "Insults, again",
        False,
        moderator,
        ["friendly_warning"],
    )
    assert "not offered" in sign_in(moderator).get("/cases/templates").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Dear {name}, stop."}, "We do not know {name}. These can be used: {author}, {subject}"),
        ({"text": "Dear {}, stop it now."}, "We do not know {}."),
        ({"outcome": "no_violation"}, "goes with neither a clause nor a measure"),
        ({"measures": ["nonsense"]}, "Select a valid choice"),
        ({"title": "  "}, "required"),
        ({"text": "\u202eabc and so on"}, "invisible"),
    ],
)
def test_what_does_not_fit_is_said(sign_in, moderator, form, changes, said):
    answer = sign_in(moderator).post("/cases/templates/new", form(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReasonTemplate.objects.exists()


def test_a_title_is_taken_once(sign_in, moderator, template, form):
    answer = sign_in(moderator).post("/cases/templates/new", form())
    assert answer.status_code == 422
    assert "another template of this title" in answer.content.decode()


def test_every_variable_is_filled_in(case):
    text = " ".join(f"{{{name}}}" for name in VARIABLES)
    filled = fill(text, case, None)
    assert "{" not in filled
    assert "nok/tiny-model" in filled
    assert not unknown_in(text)


def test_it_is_filled_in_its_own_language(case):
    assert fill("{clause}", case, None, language="th") != fill("{clause}", case, None, language="en")


@pytest.mark.parametrize("text", ["{}", "{{author}}", "{author", "}", "{ author }", "{nobody} {0.__class__}"])
def test_odd_braces_are_only_text(case, text):
    filled = fill(text, case, None)
    assert "class" not in filled or filled == text


def words_in(page) -> str:
    found = re.search(r'<textarea id="id_explanation".*?>(.*?)</textarea>', page.content.decode(), re.DOTALL)
    assert found
    return found[1].replace("&#x27;", "'")


def test_the_address_fills_it_in_without_javascript(sign_in, moderator, claimed_case, template):
    client = sign_in(moderator)
    page = client.get(claimed_case.get_absolute_url(), {"template": str(template.public_id)})
    body = page.content.decode()
    assert words_in(page) == FILLED
    assert re.search(r'value="violation"\s+required\s+checked', body)
    assert re.search(r'value="friendly_warning"\s+checked', body)
    assert not re.search(r'value="downgrade"\s+checked', body)  # does not fit a comment
    assert re.search(r'<option value="harassment"\s+selected', body)


def test_the_button_fills_it_in_and_keeps_the_version_that_was_seen(
    sign_in, moderator, claimed_case, template, report, make_user, decide_form
):
    sent = decide_form(claimed_case, explanation="", template=str(template.public_id))
    report(claimed_case.subject.target, by=make_user("second"))
    page = sign_in(moderator).post(f"/cases/{claimed_case.public_id}/fill-in", sent)
    assert words_in(page) == FILLED
    assert f'name="version" value="{sent["version"]}"' in page.content.decode()
    assert f'value="{sent["request_id"]}"' in page.content.decode()


def test_typed_words_are_never_replaced_without_asking(sign_in, moderator, claimed_case, template, decide_form):
    client, address = sign_in(moderator), f"/cases/{claimed_case.public_id}/fill-in"
    sent = decide_form(claimed_case, explanation="My own words.", template=str(template.public_id), measures=[])
    page = client.post(address, sent)
    assert words_in(page) == "My own words."
    assert "You wrote something already." in page.content.decode()
    assert words_in(client.post(address, {**sent, "how": "replace"})) == FILLED
    assert words_in(client.post(address, {**sent, "how": "append"})) == f"My own words.\n\n{FILLED}"


@pytest.mark.parametrize("chosen", ["", "nonsense", NOBODYS])
def test_without_a_template_the_form_stays_as_it_was(sign_in, moderator, claimed_case, decide_form, chosen):
    sent = decide_form(claimed_case, explanation="My own words.", template=chosen)
    page = sign_in(moderator).post(f"/cases/{claimed_case.public_id}/fill-in", sent)
    assert words_in(page) == "My own words."
    assert re.search(r'value="friendly_warning"\s+checked', page.content.decode())


def test_one_that_is_not_offered_is_not_filled_in(sign_in, moderator, claimed_case, template):
    change_template(template, actor=moderator, active=False)
    client = sign_in(moderator)
    page = client.get(claimed_case.get_absolute_url(), {"template": str(template.public_id)})
    assert words_in(page) == ""
    assert "Insults" not in page.content.decode()


def test_filling_in_is_for_the_team_and_changes_nothing(sign_in, reporter, moderator, case, template):
    address = f"/cases/{case.public_id}/fill-in"
    assert sign_in(reporter).post(address).status_code == 404
    assert sign_in(moderator).get(address).status_code == 405
    claim(case, actor=moderator)
    before = case.version
    sign_in(moderator).post(address, {"template": str(template.public_id)})
    case.refresh_from_db()
    assert (case.version, case.state) == (before, "open")


def test_a_selection_is_filled_in_with_its_variables(sign_in, moderator, case, template):
    sent = {"case": str(case.public_id), "template": str(template.public_id), "fill": "yes", "request_id": uuid.uuid4()}
    client = sign_in(moderator)
    assert TEXT in client.post("/cases/bulk/preview", sent).content.decode()
    page = client.post("/cases/bulk/preview", {**sent, "explanation": "My own words."}).content.decode()
    assert "My own words.</textarea>" in page
    assert "You wrote something already." in page


class TestEnds:
    """A template chooses when its measures end; never by a date, because it is used again after any."""

    @pytest.fixture
    def ending(self, sign_in, moderator, form):
        sent = form(clause="spam", measures=["downgrade", "nfaa", "disable"])
        sent |= {"lasts-downgrade": "168", "lasts-disable": "done:gated", "lasts-private": "24"}
        answer = sign_in(moderator).post("/cases/templates/new", sent)
        assert answer.status_code == 303
        return ReasonTemplate.objects.get()

    def test_they_are_kept_and_shown_again(self, ending, sign_in, moderator):
        assert ending.ends == {"downgrade": 168, "disable": {"done": "gated"}}
        page = sign_in(moderator).get(f"/cases/templates/{ending.public_id}").content.decode()
        assert re.search(r'value="168"\s+selected', page)
        assert re.search(r'value="done:gated"\s+selected', page)
        assert 'name="until-' not in page

    def test_they_are_filled_in_where_the_measure_fits(self, ending, sign_in, moderator, report, repository):
        case = claim(report(repository, "spam"), actor=moderator)
        page = sign_in(moderator).post(f"/cases/{case.public_id}/fill-in", {"template": str(ending.public_id)})
        fields = page.context["form"]
        assert (fields["lasts-downgrade"].value(), fields["lasts-disable"].value()) == ("168", "done:gated")

    def test_what_was_chosen_before_stays(self, template, sign_in, moderator, report, repository):
        case = claim(report(repository, "spam"), actor=moderator)
        sent = {"template": str(template.public_id), "measures": ["nfaa"], "lasts-nfaa": "24"}
        page = sign_in(moderator).post(f"/cases/{case.public_id}/fill-in", sent)
        assert page.context["form"]["lasts-nfaa"].value() == "24"

    def test_a_selection_gets_them(self, ending, sign_in, moderator, report, repository):
        case = report(repository, "spam")
        sent = {
            "case": str(case.public_id),
            "template": str(ending.public_id),
            "fill": "yes",
        }
        page = sign_in(moderator).post("/cases/bulk/preview", sent)
        assert page.context["form"]["lasts-downgrade"].value() == "168"
        assert page.context["form"]["lasts-disable"].value() == "done:gated"

    def test_they_go_with_their_measure(self, ending, moderator):
        change_template(ending, actor=moderator, measures=["downgrade"])
        assert ending.ends == {"downgrade": 168}

    @pytest.mark.parametrize(
        "ends", [{"friendly_warning": 24}, {"downgrade": "2100-01-01T00:00:00+00:00"}, {"downgrade": 99_999},
                 {"downgrade": {"done": "nonsense"}}, {"private": 24}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, template, moderator, ends):
        with pytest.raises(Refused) as refused:
            change_template(template, actor=moderator, ends=ends)
        assert refused.value.status == 400


def test_queries(sign_in, moderator, template, django_assert_max_num_queries):
    client = sign_in(moderator)
    with django_assert_max_num_queries(8):
        client.get("/cases/templates")
