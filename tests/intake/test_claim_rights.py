"""A claim of rights with all its particulars, complete at once or later (C5)."""

import uuid

import pytest

from accounts.models import InboxMessage
from moderation.cases.models import Case
from moderation.reports.models import Report, ReportVersion, RightsClaim
from tests.reports.steps import case_of, decided, reported

WHOLE = {
    "right": "copyright",
    "work": "My novel “The long way”, https://books.example/1",
    "location": "The file train.txt, lines 1 to 400",
    "holder": "Iris Example",
    "name": "Iris Example",
    "email": "iris@books.example",
    "good_faith": "on",
    "accurate": "on",
    "signature": "Iris Example",
}


@pytest.fixture
def particulars():
    """particulars(location=None): what the browser sends from the form, here without a location."""

    def fill(**changes):
        filled = {**WHOLE, "request_id": str(uuid.uuid4()), **changes}
        return {name: value for name, value in filled.items() if value is not None}

    return fill


@pytest.fixture
def where(repository):
    return f"/report/repository/{repository.public_id}/claim"


@pytest.fixture
def page(sign_in, reporter):
    return sign_in(reporter)


def test_a_claim_goes_to_its_lane_and_is_confidential(page, where, particulars, reporter):
    answer = page.post(where, particulars())
    report = Report.objects.select_related("claim").get()
    assert (answer.status_code, answer["Location"]) == (303, f"/reports/{report.public_id}/sent")
    assert (report.clause.code, report.ground, report.confidential) == ("third-party-rights", "law", True)
    assert len(report.address) == 64
    assert report.claim.missing == []
    assert Case.objects.select_related("lane").get().lane.code == "rights"
    assert report.discussion is None


def test_the_form_says_before_who_will_see_the_name(page, where):
    text = " ".join(page.get(where).content.decode().split())
    assert "its owner sees your name" in text
    assert "ten business days" in text


def test_what_is_missing_is_said_and_the_words_stay(page, where, particulars):
    for name in ("location", "holder", "name", "email", "good_faith", "accurate", "signature"):
        answer = page.post(where, particulars(**{name: None}))
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [name])
        text = answer.content.decode()
        for words in ("What is missing:", "The long way", 'name="incomplete"'):
            assert words in text
    assert not Report.objects.exists()


def test_one_way_to_reach_somebody_is_enough(page, where, particulars):
    assert page.post(where, particulars(email=None, phone="+66 2 123")).status_code == 303


def test_without_the_work_or_with_nonsense_nothing_is_sent(page, where, particulars):
    for name, value in {
        "right": "none",
        "work": "short",
        "email": "x",
        "holder": "a\u202eb",
        "request_id": "x",
    }.items():
        answer = page.post(where, particulars(incomplete="1", **{name: value}))
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [name])
        assert 'name="incomplete"' not in answer.content.decode()
    assert not Report.objects.exists()


def test_an_incomplete_claim_can_be_sent_and_completed(page, where, particulars, reporter):
    page.post(where, particulars(location=None, signature=None, incomplete="1"))
    report = Report.objects.get()
    letter = InboxMessage.objects.get(recipient=reporter, key__startswith="claim-missing:")
    assert letter.link == f"/reports/{report.public_id}/claim"
    assert "your signature" in letter.body
    text = page.get(letter.link).content.decode()
    assert "what infringes it" in text
    assert "The long way" in text
    assert "Complete the claim" in page.get(f"/reports/{report.public_id}").content.decode()
    before = case_of(report).version
    assert page.post(letter.link, particulars()).status_code == 303
    claim = RightsClaim.objects.get()
    assert (claim.missing, claim.signature) == ([], "Iris Example")
    assert ReportVersion.objects.get().text == WHOLE["work"]
    assert case_of(report).version > before


def test_a_decided_claim_cannot_be_changed(page, where, particulars, moderator):
    page.post(where, particulars(signature=None, incomplete="1"))
    report = Report.objects.get()
    decided(case_of(report), moderator)
    assert "not open any more" in page.get(f"/reports/{report.public_id}/claim").content.decode()
    assert page.post(f"/reports/{report.public_id}/claim", particulars()).status_code == 409
    assert RightsClaim.objects.get().signature == ""


def test_a_form_sent_twice_is_one_claim(page, where, particulars):
    form = particulars()
    assert {page.post(where, form).status_code for _ in range(2)} == {303}
    assert (Report.objects.count(), RightsClaim.objects.count()) == (1, 1)


def test_a_claim_counts_for_the_limit(page, where, particulars, settings):
    settings.REPORTS_PER_HOUR = 1
    page.post(where, particulars())
    answer = page.post(where, particulars())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 3500


def test_the_team_sees_the_particulars_and_what_is_missing(page, where, particulars, sign_in, moderator):
    page.post(where, particulars(signature=None, incomplete="1"))
    text = " ".join(sign_in(moderator).get(Case.objects.get().get_absolute_url()).content.decode().split())
    for words in ("Claim of rights", "iris@books.example", "lines 1 to 400", "Missing: the claimant’s signature"):
        assert words in text


def test_the_report_form_leads_there(page, repository):
    text = page.get(
        f"/report/repository/{repository.public_id}", {"about": "rights", "clause": "third-party-rights"}
    ).content.decode()
    assert f"/report/repository/{repository.public_id}/claim" in text


def test_strangers_sign_in_where_there_are_no_guests_and_what_nobody_sees_is_a_404(
    client, page, where, settings, make_repository
):
    settings.GUEST_REPORTS = False
    assert client.get(where).status_code == 302
    hidden = make_repository("hidden", visibility="private")
    assert page.get(f"/report/repository/{hidden.public_id}/claim").status_code == 404
    assert page.get(f"/report/nothing/{hidden.public_id}/claim").status_code == 404


def test_nobody_completes_somebody_elses_claim(page, where, particulars, sign_in, author, comment, reporter):
    page.post(where, particulars(signature=None, incomplete="1"))
    place = f"/reports/{Report.objects.get().public_id}/claim"
    assert sign_in(author).get(place).status_code == 404
    assert sign_in(author).post(place, particulars()).status_code == 404
    other = reported(comment, reporter)
    assert page.get(f"/reports/{other.public_id}/claim").status_code == 404


def test_the_pages_cost_few_queries(page, where, particulars, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page.get(where)
    page.post(where, particulars())
    with django_assert_max_num_queries(10):
        page.get(f"/reports/{Report.objects.get().public_id}/claim")


def test_the_same_again_makes_nothing_stale_and_changes_come_to_an_end(page, where, particulars):
    sent = particulars()
    page.post(where, sent)
    report = Report.objects.get()
    before, place = case_of(report).version, f"/reports/{report.public_id}/claim"
    page.post(place, sent)
    assert case_of(report).version == before
    codes = [page.post(place, sent | {"phone": f"+1 {number}"}).status_code for number in range(22)]
    assert (codes[:20], codes[20:]) == ([303] * 20, [409, 409])
    assert case_of(report).version == before + 20


def test_another_claim_from_a_form_that_was_sent_is_a_new_request(page, where, particulars, make_repository):
    sent = particulars()
    page.post(where, sent)
    elsewhere = f"/report/repository/{make_repository('another').public_id}/claim"
    answer = page.post(elsewhere, sent)
    assert answer.status_code == 409
    again = answer.context["form"]
    assert again["work"].value() == sent["work"]
    assert page.post(elsewhere, {**sent, "request_id": again["request_id"].value()}).status_code == 303
    assert RightsClaim.objects.count() == 2


OTHERS = {
    "right": "trademark",
    "holder": "Quentin Example",
    "name": "Quentin Example",
    "email": "quentin@books.example",
    "phone": "+66 2 1234",
    "address": "1 River Road",
    "signature": "Quentin Example",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_claim_that_states_anything_else_is_another_claim(page, where, particulars, name):
    sent = particulars()
    page.post(where, sent)
    answer = page.post(where, sent | {name: OTHERS[name]})
    assert answer.status_code == 409
    assert answer.context["form"]["request_id"].value() != sent["request_id"]
    assert getattr(RightsClaim.objects.get(), name) == sent.get(name, "")


@pytest.mark.parametrize("name", ["good_faith", "accurate"])
def test_a_claim_that_states_less_is_another_claim(page, where, particulars, name):
    sent = particulars()
    page.post(where, sent)
    less = {key: value for key, value in sent.items() if key != name} | {"incomplete": "1"}
    assert page.post(where, less).status_code == 409
    assert getattr(RightsClaim.objects.get(), name)


def test_a_claim_is_no_ordinary_report(page, repository, form, address, where):
    asked = page.get(f"{address(repository)}?clause=third-party-rights").content.decode()
    assert "Send the report" not in asked
    assert where in asked
    answer = page.post(address(repository), form(clause="third-party-rights"))
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    for words in ("Please make the claim: the link is below.", where, form()["text"]):
        assert words in text
    assert not Report.objects.exists()


def test_nor_is_it_one_of_a_stranger(client, repository, form, address):
    sent = form(clause="third-party-rights", email="pim@mail.example")
    assert client.post(address(repository), sent).status_code == 422
