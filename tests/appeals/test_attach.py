"""Files with an appeal: encrypted, read by the team only, every reading an event (G2, J6)."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.errors import Refused
from moderation.appeals.actions import decide_appeal, file_appeal, say
from moderation.appeals.models import Appeal, AppealFile, AppealMessage
from moderation.cases.models import Event
from moderation.policy.models import Lane
from moderation.reports.actions.evidence import EvidenceFile, path_of, remove_orphans
from moderation.sanctions.models import StatementOfReasons

WHY = "They called me a troll first."
WORDS = b"the whole thread, as I saved it"


def a_file(name="thread.txt", content=WORDS):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def appeal(decision, author):
    return file_appeal(decision, text=WHY, actor=author, files=[EvidenceFile("thread.txt", "text/plain", WORDS)])


def said(*files, text="Look at this, please."):
    return {"text": text, "request_id": str(uuid.uuid4()), "attachments": list(files)}


def test_a_file_comes_with_the_first_words(sign_in, author, decision):
    statement = StatementOfReasons.objects.get(recipient=author)
    client = sign_in(author)
    assert 'type="file"' in client.get(f"/appeal/{statement.public_id}").content.decode()
    sent = {"text": WHY, "attachments": [a_file(), a_file("shot.png", b"\x89PNG\r\n\x1a\n")]}
    assert client.post(f"/appeal/{statement.public_id}", sent).status_code == 303
    assert list(AppealFile.objects.order_by("pk").values_list("name", "message")) == [
        ("thread.txt", None),
        ("shot.png", None),
    ]
    html = client.get(f"/appeals/{Appeal.objects.get().public_id}").content.decode()
    assert "thread.txt" in html
    assert "/files/" not in html  # the content is for the team


def test_on_the_disk_nobody_can_read_it(appeal):
    kept = AppealFile.objects.get()
    assert WORDS not in path_of(kept.public_id).read_bytes()
    assert path_of(kept.public_id).stat().st_mode & 0o077 == 0


def test_a_message_has_files_or_is_one(sign_in, appeal, author):
    client, where = sign_in(author), f"/appeals/{appeal.public_id}"
    assert client.post(where, said(a_file("second.txt", b"more of it"))).status_code == 303
    assert client.post(where, said(a_file("third.txt", b"and more"), text="")).status_code == 303
    assert [(one.text, one.files.get().name) for one in AppealMessage.objects.order_by("pk")] == [
        ("Look at this, please.", "second.txt"),
        ("", "third.txt"),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([a_file("run.exe", b"MZ\x90\x00\x03")], "We do not take “run.exe”"),
        ([a_file(f"{n}.txt") for n in range(4)], "at most 3 files"),
    ],
)
def test_what_we_do_not_take_is_named(files, says, sign_in, appeal, author):
    response = sign_in(author).post(f"/appeals/{appeal.public_id}", said(*files))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert AppealFile.objects.count() == 1


def test_an_appeal_has_room_for_twelve(appeal, author):
    def more(count):
        say(appeal, text="", actor=author, files=[EvidenceFile("a.txt", "text/plain", b"a")] * count)

    more(11)
    with pytest.raises(Refused, match="at most 12 files"):
        more(1)


def test_the_team_reads_it_and_that_is_an_event(sign_in, appeal, other_moderator, moderator):
    kept = AppealFile.objects.get()
    client = sign_in(other_moderator)
    address = f"/cases/{appeal.case.public_id}/appeal/files/{kept.public_id}"
    assert address in client.get(f"/cases/{appeal.case.public_id}/appeal").content.decode()
    assert not Event.objects.filter(kind="evidence.read").exists()
    response = client.get(address)
    assert response.content == WORDS
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    event = Event.objects.get(kind="evidence.read")
    assert (event.actor, event.case) == (other_moderator, appeal.case)
    assert event.data == {"what": [f"appeal_file:{kept.public_id.hex}"]}
    # Whoever decided first may read along.
    assert sign_in(moderator).get(address).status_code == 200


def test_nobody_else_reads_it(sign_in, client, appeal, author, reporter):
    address = f"/cases/{appeal.case.public_id}/appeal/files/{AppealFile.objects.get().public_id}"
    assert {sign_in(person).get(address).status_code for person in (author, reporter)} == {404}
    assert client.get(address).status_code == 302


def test_a_file_of_another_case_is_not_found(sign_in, appeal, other_moderator):
    case, kept = appeal.case.public_id, AppealFile.objects.get().public_id
    client = sign_in(other_moderator)
    assert client.get(f"/cases/{case}/appeal/files/{uuid.uuid4()}").status_code == 404
    assert client.get(f"/cases/{appeal.decision.case.public_id}/appeal/files/{kept}").status_code == 404
    # Nor by the address of a reporter's file.
    assert client.get(f"/cases/{case}/attachments/{kept}").status_code == 404


def test_a_destroyed_file_says_so(sign_in, appeal, other_moderator):
    kept = AppealFile.objects.get()
    AppealFile.objects.update(key=b"")
    assert (
        sign_in(other_moderator).get(f"/cases/{appeal.case.public_id}/appeal/files/{kept.public_id}").status_code == 410
    )


def test_where_nobody_may_send_a_copy_no_file_is_taken(sign_in, appeal, author):
    lane = Lane.objects.get(code="minors")
    appeal.case.lane = lane
    appeal.case.save()
    client = sign_in(author)
    assert 'type="file"' not in client.get(f"/appeals/{appeal.public_id}").content.decode()
    client.post(f"/appeals/{appeal.public_id}", said(a_file()))
    assert AppealFile.objects.count() == 1
    appeal.refresh_from_db()
    with pytest.raises(Refused, match="Do not send a copy"):
        say(appeal, text="", actor=author, files=[EvidenceFile("a.txt", "text/plain", b"a")])


def test_after_our_answer_none_is_taken(appeal, author, other_moderator):
    decide_appeal(appeal, state="rejected", answer="We looked at it once more.", actor=other_moderator)
    with pytest.raises(Refused, match="We answered this appeal"):
        say(appeal, text="", actor=author, files=[EvidenceFile("a.txt", "text/plain", b"a")])


def test_only_who_is_signed_in_has_a_file_read(appeal, author):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/appeals/{appeal.public_id}", said(a_file())).status_code == 302
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/appeals/{appeal.public_id}", said(a_file())).status_code == 403
    assert AppealFile.objects.count() == 1


def test_what_no_row_names_is_removed_and_what_one_names_stays(appeal, pass_time):
    kept = path_of(AppealFile.objects.get().public_id)
    lost = Path(settings.EVIDENCE_ROOT) / "ab" / uuid.uuid4().hex
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"of a transaction that failed")
    pass_time(timedelta(days=2))
    assert remove_orphans(timedelta(days=1)) == 1
    assert kept.exists()


def test_a_form_sent_again_with_another_file_is_refused_and_drops_nothing(sign_in, appeal, author):
    """A form sent twice is one message only when it says the same, files included."""
    client, where = sign_in(author), f"/appeals/{appeal.public_id}"
    form = said()
    assert client.post(where, form).status_code == 303
    again = client.post(where, {**form, "attachments": [a_file("second.txt", b"more of it")]})
    assert again.status_code == 409
    assert "sent before for something else" in again.content.decode()
    with_file = {**said(), "attachments": [a_file("second.txt", b"more of it")]}
    for _ in range(2):
        with_file["attachments"][0].seek(0)
        assert client.post(where, with_file).status_code == 303
    assert AppealMessage.objects.count() == 2
