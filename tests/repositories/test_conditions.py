"""The conditions of a gated repository: in the card, in the settings, previewed (A3)."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.actions import join_organization
from foundation.errors import Forbidden
from repositories.actions import commit
from repositories.actions.conditions import reset_conditions, set_conditions
from repositories.gating import Field, conditions_of
from repositories.gating.countries import countries
from repositories.models import AccessConditions
from tests.repositories.gating import CARD
from tests.repositories.reading import part, runs_something, text_of

ADDRESS = "/nok/voices/settings/access"


@pytest.fixture
def gated(make_repository):
    return make_repository("voices", card=CARD, gating="manual")


def form(*questions, total=None, **values):
    sent = {"questions-INITIAL_FORMS": "0", "questions-TOTAL_FORMS": str(total or len(questions)), **values}
    for number, question in enumerate(questions):
        sent.update({f"questions-{number}-{name}": value for name, value in question.items()})
    return sent


def test_as_the_card_states_them(gated):
    found = conditions_of(gated)
    assert (found.heading, found.button, found.ask_again) == ("Read this first", "I agree", False)
    assert found.text == "You agree **not** to imitate living people."
    assert found.fields == (
        Field("Why do you need it?", "text"),
        Field("Country", "country"),
        Field("When will you begin", "date"),
        Field("I want it for", "select", ("Research", "Other things")),
        Field("I do no harm", "checkbox"),
    )


@pytest.mark.parametrize(
    ("gating", "heading", "button"),
    [
        ("manual", "Ask the owner for the files", "Agree and ask for access"),
        ("auto", "Agree to the conditions to get the files", "Agree and get access"),
    ],
)
def test_plain_ones_where_nobody_said_anything(make_repository, gating, heading, button):
    found = conditions_of(make_repository(gating=gating))
    assert (found.heading, found.button, found.text, found.fields) == (heading, button, "", ())


@pytest.mark.parametrize(
    "matter",
    [
        "extra_gated_fields: [1, 2]\nextra_gated_heading: {a: b}\nextra_gated_prompt: [[]]",
        "extra_gated_fields: {1: text, x: dance, y: [], z: {type: select}, '': text}\nextra_gated_button_content: 2026",
        "extra_gated_fields:\n  '(': text\n  '[a]*': checkbox",
    ],
    ids=["lists", "types", "patterns"],
)
def test_cards_of_strangers_break_nothing(make_repository, client, matter):
    repository = make_repository("voices", card=f"---\n{matter}\n---\n# T\n".replace("{", "{{").replace("}", "}}"),
                                 gating="manual")  # fmt: skip
    assert conditions_of(repository).heading
    assert client.get("/nok/voices/files").status_code == 403


def test_saved_ones_hold_before_the_card_until_they_are_dropped(sign_in, gated, owner, reporter):
    client = sign_in(owner)
    response = client.post(
        ADDRESS,
        form(
            {"label": "Your aim", "type": "select", "options": "Study\n\n Art \nStudy"},
            {"label": "", "type": "text"},
            {"label": "Gone", "type": "text", "DELETE": "on"},
            heading="Ours", text="Be *kind*.", button="Go", ask_again="on",
        ),
    )  # fmt: skip
    assert (response.status_code, response["Location"]) == (303, ADDRESS)
    found = conditions_of(gated)
    assert (found.heading, found.text, found.button, found.ask_again) == ("Ours", "Be *kind*.", "Go", True)
    assert found.fields == (Field("Your aim", "select", ("Study", "Art")),)
    page = text_of(client.get(ADDRESS))
    assert 'value="Your aim"' in page
    assert "What you saved here holds" in page
    assert "Be <em>kind</em>." in text_of(sign_in(reporter).get("/nok/voices"))
    assert client.post(ADDRESS, {"do": "reset"}).status_code == 303
    assert conditions_of(gated).heading == "Read this first"


def test_the_form_begins_with_what_the_card_says(sign_in, gated, owner):
    page = text_of(sign_in(owner).get(ADDRESS))
    assert "What the card says holds until you save" in page
    assert 'value="Read this first"' in page
    assert 'value="Why do you need it?"' in page
    assert page.count('name="questions-') > 5 * 3


def test_one_more_question_keeps_what_was_typed(sign_in, gated, owner):
    sent = form({"label": "Your aim", "type": "text"}, heading="Not saved", do="add")
    response = sign_in(owner).post(ADDRESS, sent)
    assert response.status_code == 200
    assert 'value="Not saved"' in text_of(response)
    assert 'value="Your aim"' in text_of(response)
    assert 'name="questions-1-label"' in text_of(response)
    assert not AccessConditions.objects.exists()


def test_preview_saves_nothing_and_runs_nothing(sign_in, gated, owner):
    question = {"label": "<b>Aim</b>", "type": "text"}
    sent = form(question, heading="<script>x</script>", text="<img src=x> [a](javascript:b)", do="preview")
    response = sign_in(owner).post(ADDRESS, sent)
    assert response.status_code == 200
    assert "Preview: not saved yet" in text_of(response)
    assert "&lt;b&gt;Aim&lt;/b&gt;" in text_of(response)
    assert not runs_something(part(response, "main"))
    assert not AccessConditions.objects.exists()


@pytest.mark.parametrize(
    ("questions", "values", "words"),
    [
        ([{"label": "", "type": "select", "options": "a\nb"}], {}, "required"),
        ([{"label": "Aim", "type": "dance"}], {}, "Select a valid choice"),
        ([{"label": "Aim", "type": "select", "options": "one"}], {}, "Give between 2 and 200 options"),
        (
            [{"label": "Aim", "type": "text"}, {"label": " Aim", "type": "date"}],
            {},
            "Two questions have the same words",
        ),
        ([], {"text": "a" * 10_001}, "shorten it"),
        ([], {"heading": "a" * 201}, "at most 200"),
        ([{"label": "a\u202eb", "type": "text"}], {}, "is invisible"),
    ],
    ids=["label", "type", "options", "twice", "text", "heading", "invisible"],
)
def test_what_cannot_be_asked(sign_in, gated, owner, questions, values, words):
    response = sign_in(owner).post(ADDRESS, form(*questions, **values))
    assert response.status_code == 422
    assert words in text_of(response)
    assert not AccessConditions.objects.exists()


@pytest.mark.parametrize("values", [{}, {"questions-TOTAL_FORMS": "x", "do": "add"}, {"do": "preview"}])
def test_forged_form(sign_in, gated, owner, values):
    assert sign_in(owner).post(ADDRESS, values).status_code in (200, 422)
    assert not AccessConditions.objects.exists()


def test_too_many_questions(gated, owner):
    with pytest.raises(ValidationError, match="at most 30"):
        set_conditions(gated, fields=[Field(f"Question {number}", "text") for number in range(31)], actor=owner)


@pytest.mark.parametrize(("role", "status"), [("read", 403), ("contributor", 403), ("write", 403), ("admin", 200)])
def test_by_role(organization, make_repository, sign_in, owner, reporter, role, status):
    repository = make_repository("voices", owner=organization, gating="manual")
    join_organization(reporter, organization, role=role, actor=owner)
    client = sign_in(reporter)
    assert client.get("/mekong-lab/voices/settings/access").status_code == status
    if status == 403:
        assert client.post("/mekong-lab/voices/settings/access", form(heading="Mine")).status_code == 403
        for do in (set_conditions, reset_conditions):
            with pytest.raises(Forbidden):
                do(repository, actor=reporter)


def test_visitors_sign_in(client, gated):
    assert client.get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_ways_there(sign_in, gated, owner):
    client = sign_in(owner)
    for page in ("/nok/voices", "/nok/voices/settings"):
        assert f'href="{ADDRESS}"' in text_of(client.get(page)), page
        assert 'href="/nok/voices/settings/requests"' in text_of(client.get(page)), page


def test_a_change_of_the_card_changes_them(gated, owner):
    before = conditions_of(gated).digest
    changed = CARD.format(name="voices").replace("living people", "anybody")
    commit(gated, {"README.md": changed.encode()}, actor=owner, message="Change")
    assert "anybody" in conditions_of(gated).text
    assert conditions_of(gated).digest != before


def test_queries(sign_in, gated, owner, django_assert_num_queries):
    client = sign_in(owner)
    # session, person, repository, restrictions, conditions, two permissions, unread messages
    with django_assert_num_queries(7):
        client.get(ADDRESS)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Thailand", "Zimbabwe"]),
        ("th", ["ไทย", "เยอรมนี", "ลาว"]),
    ],
)
def test_countries_in_the_readers_language(language, names):
    with translation.override(language):
        found = countries()
    order = [name for _code, name in found]
    assert len(found) == 250  # the 249 of ISO 3166, and Kosovo
    assert [name for name in order if name in names] == (names if language == "en" else ["ไทย", "เยอรมนี", "ลาว"])
    assert {"EU", "UN", "ZZ"}.isdisjoint(code for code, _name in found)
