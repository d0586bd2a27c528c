"""What a report brings along as evidence: addresses, words of the content, files (C1)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.cases.models import Case
from moderation.reports.actions.evidence import decrypted, path_of, remove_orphans
from moderation.reports.models import Attachment, Report
from tests.reports.steps import case_of

PNG = b"\x89PNG\r\n\x1a\n" + b"picture " * 20


def file(name="shot.png", content=PNG):
    return SimpleUploadedFile(name, content)


def kept_on_disk(settings):
    return [path for path in settings.EVIDENCE_ROOT.rglob("*") if path.is_file()]


def test_addresses_words_and_danger_reach_the_team(sign_in, reporter, comment, form, address):
    sent = form(
        links="https://example.org/a\n\n http://example.org/b \nhttps://example.org/a",
        passage="You people are idiots",
        danger="on",
    )
    sign_in(reporter).post(address(comment), sent)
    report = Report.objects.get()
    assert report.links == ["https://example.org/a", "http://example.org/b"]
    assert report.passage == "You people are idiots"
    assert report.danger
    assert case_of(report).lane.code == "threat"
    assert len(report.address) == 64


def test_danger_shows_help_when_sent(sign_in, reporter, comment, form, address):
    page = sign_in(reporter).post(address(comment), form(danger="on"), follow=True)
    assert "call the emergency services" in page.content.decode()


def test_a_single_file_is_reported_by_its_address_at_its_revision(sign_in, reporter, repository, form, address):
    client = sign_in(reporter)
    page = client.get(f"{repository.get_absolute_url()}/file/README.md").content.decode()
    link = re.search(r'href="(/report/repository/[^"]+links=[^"]+)"', page)[1]
    shown = client.get(f"{link}&clause=malware").context["form"]["links"].value()
    assert shown.startswith("http://testserver/")
    assert shown.endswith(f"README.md?at={repository.head}")
    client.post(address(repository), form(clause="malware", links=shown))
    assert Report.objects.get().links == [shown]
    assert client.get(shown.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("links", "says"),
    [
        ("javascript:alert(1)", "is no address"),
        ("just words", "is no address"),
        ("ftp://example.org/a", "is no address"),
        (f"https://example.org/{'a' * 500}", "is no address"),
        ("\n".join(f"https://example.org/{n}" for n in range(11)), "too many addresses"),
    ],
)
def test_what_is_no_address_is_named(links, says, sign_in, reporter, comment, form, address):
    response = sign_in(reporter).post(address(comment), form(links=links))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Report.objects.exists()


def test_files_are_kept_encrypted(sign_in, reporter, comment, form, address, settings):
    files = [file(), file("talk.txt", b"He wrote this to me.")]
    sign_in(reporter).post(address(comment), form(attachments=files))
    kept = list(Report.objects.get().attachments.order_by("pk"))
    assert [(one.name, one.media_type, one.size) for one in kept] == [
        ("shot.png", "image/png", len(PNG)),
        ("talk.txt", "text/plain", 20),
    ]
    assert decrypted(kept[0]) == PNG
    assert len(kept_on_disk(settings)) == 2
    for path in kept_on_disk(settings):
        assert b"picture" not in path.read_bytes()
        assert b"He wrote" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([file("shot.png", b"MZ\x90\x00 a program that is called a picture")], "We do not take “shot.png”"),
        ([file("page.html", b"\x00\x01")], "We do not take “page.html”"),
        ([file("empty.txt", b"")], "We do not take “empty.txt”"),
        ([file("big.png", PNG + b"x" * (5 * 1024**2))], "is too large"),
        ([file() for _ in range(4)], "at most 3 files"),
    ],
    ids=["program", "binary", "empty", "large", "many"],
)
def test_other_files_are_refused_and_nothing_is_kept(files, says, sign_in, reporter, comment, form, address, settings):
    response = sign_in(reporter).post(address(comment), form(attachments=files))
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html
    assert "choose your files again" in html
    assert form()["text"] in html
    assert not Report.objects.exists()
    assert not kept_on_disk(settings)


def test_more_than_a_form_can_hold_is_refused_unread(sign_in, reporter, comment, form, address):
    response = sign_in(reporter).post(
        address(comment), form(attachments=[file("big.png", PNG + b"x" * (17 * 1024**2))])
    )
    assert response.status_code == 413
    assert not Report.objects.exists()


def test_nobody_is_asked_for_files_of_children(sign_in, reporter, comment, form, address, settings):
    client = sign_in(reporter)
    html = client.get(f"{address(comment)}?clause=minors-sexual-content").content.decode()
    assert 'type="file"' not in html
    assert 'name="passage"' not in html
    sent = form(clause="minors-sexual-content", attachments=[file()], passage="words of it")
    assert client.post(address(comment), sent).status_code == 303
    assert not Attachment.objects.exists()
    assert not kept_on_disk(settings)
    assert Report.objects.get().passage == ""


def test_a_form_sent_twice_keeps_its_files_once(sign_in, reporter, comment, form, address):
    client, sent = sign_in(reporter), form()
    for _ in range(2):
        assert client.post(address(comment), {**sent, "attachments": [file()]}).status_code == 303
    assert Attachment.objects.count() == 1


def test_the_own_page_names_them(sign_in, reporter, comment, form, address):
    client = sign_in(reporter)
    client.post(address(comment), form(attachments=[file()], links="https://example.org/a", passage="idiots"))
    html = client.get(f"/reports/{Report.objects.get().public_id}").content.decode()
    for words in ("shot.png", "https://example.org/a", "The words it is about"):
        assert words in html


def test_files_that_no_report_names_are_removed(sign_in, reporter, comment, form, address, settings, pass_time):
    sign_in(reporter).post(address(comment), form(attachments=[file()]))
    [mine] = kept_on_disk(settings)
    orphan = path_of(Case.objects.get().public_id)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"left by a transaction that failed")
    assert remove_orphans(timedelta(days=1)) == 0
    pass_time(timedelta(days=2))
    assert remove_orphans(timedelta(days=1)) == 1
    assert kept_on_disk(settings) == [mine]
