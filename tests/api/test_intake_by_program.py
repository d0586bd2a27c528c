"""Claims of rights, counter-statements, files and team entry by programs (K1, C1, C3, C5)."""

import uuid
from datetime import timedelta

import pytest

from foundation import clock
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Event
from moderation.intake.api_claims import COUNTER, PARTICULARS
from moderation.reports.actions.evidence import decrypted
from moderation.reports.models import Attachment, CounterStatement, Report, RightsClaim
from tests.api.conftest import code
from tests.reports.steps import case_of, reported

URL = "/api/v1"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture " * 20


@pytest.fixture
def body(repository):
    return {"subject": {"kind": "repository", "id": str(repository.public_id)}, **PARTICULARS}


@pytest.fixture
def mine(program, reporter):
    return program(reporter)


def test_a_claim_is_filed_once(mine, body, reporter):
    headers = {"Idempotency-Key": "c1"}
    first, again = (mine.post(f"{URL}/claims", body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json() == again.json()
    assert (first.json()["missing"], first.json()["email"]) == ([], "iris@books.example")
    report = Report.objects.get()
    assert (report.clause.code, report.ground, report.confidential) == ("third-party-rights", "law", True)
    assert len(report.address) == 64
    assert Case.objects.get().lane.code == "rights"


@pytest.mark.parametrize("name", ["location", "holder", "name", "email", "good_faith", "accurate", "signature"])
def test_what_is_missing_is_named(mine, body, name):
    answer = mine.post(f"{URL}/claims", {key: value for key, value in body.items() if key != name})
    assert answer.status_code == 400
    assert [one["attr"].partition(".")[0] for one in answer.json()["errors"]] == [name]
    assert not Report.objects.exists()


def test_an_incomplete_claim_is_completed(mine, body, program, owner, moderator):
    half = {name: body[name] for name in ("subject", "right", "work")} | {"incomplete": True}
    filed = mine.post(f"{URL}/claims", half).json()
    assert len(filed["missing"]) == 7
    address = f"{URL}/claims/{filed['report']}"
    assert mine.get(address).json() == filed
    for _ in range(2):
        assert mine.put(address, PARTICULARS).json()["missing"] == []
    assert Event.objects.filter(kind="claim.changed").count() == 1
    for other in (owner, moderator):
        assert program(other).get(address).status_code == 404
        assert program(other).put(address, PARTICULARS).status_code == 404
    mine.post(f"{URL}/reports/{filed['report']}/withdraw")
    late = mine.put(address, PARTICULARS | {"holder": "Somebody else"})
    assert (late.status_code, code(late)) == (409, "not_open")


def test_the_team_reads_the_particulars_and_the_answer(team, mine, body):
    mine.post(f"{URL}/claims", body)
    (line,) = team.get(f"{URL}/cases/{Case.objects.get().public_id}/reports").json()["results"]
    assert (line["claim"]["signature"], line["claim"]["counter_statement"]) == ("Iris Example", None)


@pytest.fixture
def closed(mine, body, moderator, clause) -> RightsClaim:
    """What it is about was disabled for a claim."""
    mine.post(f"{URL}/claims", body)
    case = Case.objects.get()
    decide(
        case, actor=moderator, version=case.version, outcome="violation", by_operator=True,
        explanation="We followed the claim.", clause=clause("third-party-rights"), measures=[MeasureOrder("disable")],
    )  # fmt: skip
    return RightsClaim.objects.get()


def test_the_owner_contradicts_it(closed, program, owner, reporter, other_moderator, team):
    address = f"{URL}/claims/{closed.report.public_id}/counter-statement"
    client = program(owner)
    shown = client.get(address).json()
    assert (shown["claim"]["name"], shown["counter_statement"]) == ("Iris Example", None)
    assert "email" not in shown["claim"]
    assert client.post(address, COUNTER | {"jurisdiction": False}).status_code == 400
    first, again = (client.post(address, COUNTER) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json() == again.json()
    other = client.post(address, COUNTER | {"text": "It is somebody else's text."})
    assert (other.status_code, code(other)) == (409, "exists")
    for stranger in (program(reporter), program(other_moderator)):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, COUNTER).status_code == 404
    statement = CounterStatement.objects.get()
    assert (statement.author, statement.suit_filed_at) == (owner, None)
    suit = f"{URL}/counter-statements/{statement.public_id}/suit"
    assert team.post(suit).status_code == 204
    late = team.post(suit)
    assert (late.status_code, code(late)) == (409, "settled")
    assert Event.objects.filter(kind="counter.suit").count() == 1


def test_the_claimant_tells_of_a_suit(closed, program, owner, reporter):
    address = f"{URL}/claims/{closed.report.public_id}/suit"
    client, said = program(reporter), {"text": "Civil Court, Bangkok, 123/2037"}
    early = client.post(address, said)
    assert (early.status_code, code(early)) == (409, "not_contradicted")
    assert program(owner).post(f"{URL}/claims/{closed.report.public_id}/counter-statement", COUNTER).status_code == 201
    assert program(owner).post(address, said).status_code == 404
    assert client.post(address, {"text": "Yes"}).status_code == 400
    key = {"HTTP_IDEMPOTENCY_KEY": "2f1b9a3e-7d0c-4c58-9a55-0d4f3b7c1e11"}
    first, again = (client.post(address, said, **key) for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["suit_filed_at"]
    late = client.post(address, said)
    assert (late.status_code, code(late)) == (409, "settled")
    assert Event.objects.filter(kind="counter.suit").count() == 1


def test_nobody_answers_a_claim_that_closed_nothing(mine, body, program, owner):
    filed = mine.post(f"{URL}/claims", body).json()
    assert program(owner).get(f"{URL}/claims/{filed['report']}/counter-statement").status_code == 404


@pytest.fixture
def entry(comment):
    return {
        "address": comment.get_absolute_url(),
        "channel": "authority",
        "received_at": (clock.now() - timedelta(days=2)).isoformat(),
        "sender_name": "Example Court",
        "contact": "registry@court.example",
        "reference": "12 O 34/26",
        "clause": "harassment",
        "ground": "law",
        "text": "The court orders that this comment is taken down.",
        "links": ["https://court.example/12"],
    }


def test_the_team_enters_an_order_once(team, entry, moderator):
    headers = {"Idempotency-Key": "e1"}
    first, again = (team.post(f"{URL}/entries", entry, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json() == again.json()
    report = Report.objects.select_related("sender").get()
    assert (report.channel, report.confidential, report.entered_by) == ("authority", True, moderator)
    assert (report.sender.name, report.sender.reference) == ("Example Court", "12 O 34/26")
    assert report.reporter.is_guest
    (line,) = team.get(f"{URL}/cases/{first.json()['case']}/reports").json()["results"]
    assert (line["sender"]["contact"], line["report"]["entered_by"]) == ("registry@court.example", "mira")
    same = team.post(f"{URL}/entries", entry)
    assert (same.status_code, code(same)) == (409, "already_reported")


@pytest.mark.parametrize("channel", ["mail", "phone", "social"])
def test_what_arrived_elsewhere(team, entry, channel, comment):
    bare = {"address": f"comment:{comment.public_id}", "channel": channel, "text": "He insults everybody."}
    sent = {**bare, "received_at": entry["received_at"], "clause": "harassment"}
    assert team.post(f"{URL}/entries", sent).status_code == 201
    assert Report.objects.get().channel == channel


def test_what_is_about_oneself_is_entered_for_others(program, make_user, entry, discussion):
    from community.actions import add_comment

    own = make_user("ada", moderator=True)
    about = add_comment(discussion, text="My own words.", actor=own)
    sent = entry | {"address": about.get_absolute_url()}
    assert program(own, "moderate").post(f"{URL}/entries", sent).json()["case"] is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"sender_name": ""}, 400), ({"reference": ""}, 400), ({"channel": "form"}, 400), ({"text": "No."}, 400),
        ({"received_at": "2999-01-01T00:00:00Z"}, 400), ({"clause": "nothing"}, 400), ({"links": ["javascript:"]}, 400),
        ({"address": "/nobody/nothing"}, 404), ({"address": "https://elsewhere.example/x"}, 404),
    ],
)  # fmt: skip
def test_half_an_entry_is_none(team, entry, change, status):
    assert team.post(f"{URL}/entries", entry | change).status_code == status
    assert not Report.objects.exists()


def test_another_claim_under_the_same_key_is_refused(mine, body):
    headers = {"Idempotency-Key": "c1"}
    assert mine.post(f"{URL}/claims", body, headers=headers).status_code == 201
    other = mine.post(f"{URL}/claims", body | {"holder": "Somebody Else"}, headers=headers)
    assert (other.status_code, code(other)) == (409, "key_reused")


@pytest.fixture
def arrived_claim(entry, repository):
    sent = {name: entry[name] for name in ("received_at", "sender_name", "contact")}
    about = {"address": repository.get_absolute_url(), "channel": "mail", "clause": "third-party-rights"}
    return sent | about | {"claim": PARTICULARS}


def test_the_team_enters_a_claim_whole(team, arrived_claim):
    headers = {"Idempotency-Key": "e2"}
    first, again = (team.post(f"{URL}/entries", arrived_claim, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    report = Report.objects.select_related("claim", "sender").get()
    assert (report.channel, report.sender.contact, report.ground) == ("mail", "registry@court.example", "law")
    assert (report.claim.missing, report.claim.holder) == ([], PARTICULARS["holder"])
    changed = arrived_claim | {"claim": PARTICULARS | {"holder": "Somebody Else"}}
    other = team.post(f"{URL}/entries", changed, headers=headers)
    assert (other.status_code, code(other)) == (409, "key_reused")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"claim": None, "text": "They sell my novel here."}, "claim"), ({"text": "They sell my novel here."}, "text"),
        ({"claim": {"right": "copyright", "work": "My novel"}}, "claim.location"), ({"claim": {}}, "claim.right"),
    ],
    ids=["no claim", "two sorts of words", "half a claim", "an empty claim"],
)  # fmt: skip
def test_half_a_claim_is_not_entered(team, arrived_claim, change, named):
    sent = {name: value for name, value in (arrived_claim | change).items() if value is not None}
    answer = team.post(f"{URL}/entries", sent)
    assert answer.status_code == 400
    assert any(one["attr"].startswith(named) for one in answer.json()["errors"]), answer.json()
    assert not Report.objects.exists()


def test_a_claim_is_entered_under_its_clause_alone(team, arrived_claim):
    assert team.post(f"{URL}/entries", arrived_claim | {"clause": "harassment"}).status_code == 400
    half = arrived_claim | {"claim": {"right": "copyright", "work": "My long novel", "incomplete": True}}
    assert team.post(f"{URL}/entries", half).status_code == 201
    assert len(RightsClaim.objects.get().missing) == 7


@pytest.fixture
def report(comment, reporter):
    """A report of the reporter's own."""
    return reported(comment, reporter)


@pytest.fixture
def files(report, mine):
    """files(name, content): the reporter's program adds a file to `report`."""

    def add(name: str = "shot.png", content: bytes = PNG, **how):
        address = f"{URL}/reports/{report.public_id}/attachments?name={name}"
        return mine.post(address, content, content_type="application/octet-stream", **how)

    return add


def test_a_file_is_added_once_and_makes_decisions_stale(files, report, mine):
    before = case_of(report).version
    first, again = files(), files()
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json() == again.json()
    assert decrypted(Attachment.objects.get()) == PNG
    assert case_of(report).version == before + 1
    assert Event.objects.get(kind="report.changed").actor.username == "ombud"
    (row,) = mine.get(f"{URL}/reports/{report.public_id}/attachments").json()["results"]
    assert row == first.json()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00program", b"PK\x03\x04"])
def test_what_the_team_cannot_look_at(files, content):
    assert files(content=content).status_code == 400
    assert not Attachment.objects.exists()


def test_too_large_too_many_too_late(files, report, mine):
    assert files(content=b"x" * (5 * 1024**2 + 1)).status_code == 413
    for number in range(3):
        assert files(content=b"text %d" % number).status_code == 201
    fourth = files(content=b"text 4")
    assert (fourth.status_code, code(fourth)) == (409, "too_many")
    mine.post(f"{URL}/reports/{report.public_id}/withdraw")
    assert code(files(content=b"text 5")) == "not_open"
    assert Attachment.objects.count() == 3


def test_other_bodies_and_other_people(report, program, owner, mine):
    address = f"{URL}/reports/{report.public_id}/attachments?name=a.png"
    assert mine.post(address, {"file": "x"}).status_code == 415
    assert mine.post(address.partition("?")[0], PNG, content_type="application/octet-stream").status_code == 400
    for client in (program(owner), program(owner, "read")):
        answer = client.post(address, PNG, content_type="application/octet-stream")
        assert answer.status_code in (403, 404)
    assert not Attachment.objects.exists()
    assert mine.get(f"{URL}/reports/{uuid.uuid4()}/attachments").status_code == 404


def test_names_are_no_paths(files):
    assert files(name="..%2F..%2Fetc%2Fpasswd").json()["name"] == "passwd"


def test_nobody_is_asked_to_copy_what_is_sealed(comment, reporter, mine):
    report = reported(comment, reporter, "minors-sexual-content")
    address = f"{URL}/reports/{report.public_id}/attachments?name=a.png"
    answer = mine.post(address, PNG, content_type="application/octet-stream")
    assert (answer.status_code, code(answer)) == (409, "sealed")
