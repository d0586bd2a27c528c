"""Unsafe files become reports: those on a list always, others where an operator wants it; each content once."""

import hashlib
import os
import pickle

import pytest

from moderation.automation.screening import screen_files
from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.scoring.models import HashList, KnownHash
from repositories.actions import commit
from repositories.models import Scan
from repositories.scanning import scan_due_files

BAD = b"A harmless text that somebody put on a list."


class Harmful:
    def __reduce__(self):
        return os.system, ("true",)


@pytest.fixture(autouse=True)
def listed(db):
    row = HashList.objects.create(name="Partners", kind="sha256", label="malware")
    KnownHash.objects.create(hash_list=row, value=hashlib.sha256(BAD).hexdigest())
    return row


def upload(repository, owner, **files: bytes | None) -> None:
    named = {name.replace("_", "."): data for name, data in files.items()}
    commit(repository, named, actor=owner, message="Add")
    scan_due_files()


def test_a_known_file_is_reported_with_its_content_as_evidence(repository, owner):
    upload(repository, owner, notes_txt=BAD)
    assert Scan.objects.get(path="notes.txt").level == "unsafe"
    assert screen_files() == 1
    report = Report.objects.get()
    assert (report.clause.code, report.channel, report.confidential) == ("malware", Report.Channel.SYSTEM, True)
    assert report.snapshot.title == "notes.txt"
    assert Case.objects.get().clause.code == "malware"
    assert screen_files() == 0


def test_the_list_is_not_named_to_the_owner(repository, owner):
    upload(repository, owner, notes_txt=BAD)
    assert "Partners" not in str(Scan.objects.get(path="notes.txt").findings)


def test_what_a_person_decided_about_is_not_reported_again(repository, owner):
    upload(repository, owner, notes_txt=BAD)
    screen_files()
    Report.objects.update(state=Report.State.REJECTED)
    upload(repository, owner, notes_txt=None)
    Scan.objects.filter(path="notes.txt").delete()
    upload(repository, owner, notes_txt=BAD)
    assert screen_files() == 1
    assert Report.objects.count() == 1


def test_a_file_that_was_renamed_meanwhile_is_reported_where_it_lies(repository, owner):
    upload(repository, owner, notes_txt=BAD)
    commit(repository, {"notes.txt": None, "b/other.txt": BAD}, actor=owner, message="Rename")
    screen_files()
    report = Report.objects.get()
    assert report.snapshot.title == "b/other.txt"
    assert "b/other.txt" in report.text


def test_a_file_that_is_gone_by_now_is_not_reported(repository, owner):
    upload(repository, owner, notes_txt=BAD)
    commit(repository, {"notes.txt": None}, actor=owner, message="Remove")
    screen_files()
    assert not Report.objects.exists()


@pytest.mark.parametrize("wanted", [False, True])
def test_other_unsafe_files_are_reported_where_an_operator_wants_it(repository, owner, settings, wanted):
    settings.REPORT_UNSAFE_FILES = wanted
    upload(repository, owner, model_pkl=pickle.dumps(Harmful()))
    assert screen_files() == 1
    assert Report.objects.count() == wanted


def test_a_list_that_is_off_reports_nothing(repository, owner, listed):
    HashList.objects.update(active=False)
    upload(repository, owner, notes_txt=BAD)
    assert screen_files() == 0
