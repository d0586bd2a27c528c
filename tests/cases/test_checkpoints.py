"""Checkpoints outside the database (J6)."""

import json
from pathlib import Path

import pytest

from moderation.cases.checkpoints import BrokenCheckpoints, read_checkpoints, write_checkpoints
from moderation.cases.models import Case
from moderation.cases.verify import find_faults


@pytest.fixture
def file(settings) -> Path:
    return Path(settings.CHECKPOINT_FILE)


def test_a_line_for_every_chain_that_grew(many_cases, report, make_user, file):
    one, other = many_cases(2)
    assert write_checkpoints() == 2
    assert write_checkpoints() == 0
    report(one.subject.target, by=make_user("ada"))
    assert write_checkpoints() == 1
    found = [(line["case"], line["count"]) for line in read_checkpoints()]
    assert found == [(one.public_id.hex, 1), (other.public_id.hex, 1), (one.public_id.hex, 2)]
    assert list(find_faults()) == []


def test_what_happens_after_a_checkpoint_contradicts_nothing(case, report, make_user):
    write_checkpoints()
    report(case.subject.target, by=make_user("ada"))
    assert list(find_faults()) == []


@pytest.mark.parametrize("line", [0, 1])
def test_a_changed_line_is_found(many_cases, file, line):
    many_cases(2)
    write_checkpoints()
    lines = file.read_text().splitlines()
    lines[line] = json.dumps({**json.loads(lines[line]), "count": 7})
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(BrokenCheckpoints, match=f"Line {line + 1} "):
        list(read_checkpoints())
    assert any("was changed" in fault for fault in find_faults())


def test_a_line_taken_out_is_found(many_cases, file):
    many_cases(3)
    write_checkpoints()
    first, _second, third = file.read_text().splitlines()
    file.write_text(f"{first}\n{third}\n")
    assert any("taken out" in fault for fault in find_faults())


def test_lines_cut_off_the_end_are_found(many_cases, file):
    _one, other = many_cases(2)
    write_checkpoints()
    file.write_text(file.read_text().splitlines()[0] + "\n")
    assert [f"The checkpoint of case {other.public_id.hex} at event 1 is missing from the file."] == list(find_faults())


def test_a_file_that_is_gone_is_found(case, file):
    write_checkpoints()
    file.unlink()
    assert any("is missing from the file" in fault for fault in find_faults())


def test_nonsense_in_the_file_is_found(case, file):
    write_checkpoints()
    with file.open("a") as opened:
        opened.write("nonsense\n")
    assert any("is not a checkpoint" in fault for fault in find_faults())


def test_a_line_torn_by_a_crash_is_written_again(case, file):
    write_checkpoints()
    Case.objects.update(checkpointed=0)
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert list(find_faults()) == []
    assert write_checkpoints() == 1
    assert file.read_bytes().count(b"\n") == 1
    assert [line["count"] for line in read_checkpoints()] == [1]
    assert list(find_faults()) == []


def test_a_crash_before_the_database_knows_repeats_a_line_and_harms_nothing(case):
    write_checkpoints()
    Case.objects.update(checkpointed=0)
    write_checkpoints()
    assert len(list(read_checkpoints())) == 2
    assert list(find_faults()) == []


def test_without_a_file_nothing_was_checkpointed(case):
    assert list(read_checkpoints()) == []
    assert list(find_faults()) == []
