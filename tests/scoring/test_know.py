"""What is known to be bad: looked up by exact and by near hashes, from lists that somebody keeps."""

import pytest
from django.db.models import F

from classifiers.contract import Specification
from classifiers.images.pdq import Hash
from classifiers.registry import load
from moderation.policy.models import Clause
from moderation.scoring.known import Known, is_known_bad, near, with_hashes
from moderation.scoring.models import HashList, KnownHash
from tests.classifiers.drawing import encoded, picture

pytestmark = pytest.mark.django_db
BASE = "a5" * 32
FILES, PICTURES = Specification("files", "file", "files"), Specification("known", "image", "pdq")


def listed(name: str, kind: str, *values: str, **fields) -> HashList:
    row = HashList.objects.create(**({"name": name, "kind": kind, "label": "known_bad"} | fields))
    KnownHash.objects.bulk_create(KnownHash(hash_list=row, value=value) for value in values)
    return row


def differing(bits: int) -> str:
    return f"{int(BASE, 16) ^ (2**bits - 1):064x}"


def test_a_file_is_known_by_its_sha256():
    clause = Clause.objects.order_by("pk").first()
    listed("malware", "sha256", BASE, label="malware", clause=clause)
    assert is_known_bad(BASE.upper()) == Known("malware", "malware", clause.code)
    assert is_known_bad("b" * 64) is None


def test_a_list_that_is_off_and_one_of_the_other_kind_know_nothing():
    listed("old", "sha256", BASE, active=False)
    listed("pictures", "pdq", "c" * 64)
    assert is_known_bad(BASE) is None
    assert is_known_bad("c" * 64) is None


@pytest.mark.parametrize(("bits", "name"), [(0, "strict"), (9, "strict"), (11, "usual"), (31, "usual"), (32, None)])
def test_the_nearest_picture_counts_within_the_distance_of_its_list(bits, name):
    listed("strict", "pdq", BASE, distance=10)
    listed("usual", "pdq", f"{int(BASE, 16):064x}")
    found = near(differing(bits))
    assert (found and found.list_name, found and found.distance) == (name, bits if name else None)


def test_a_picture_of_low_quality_is_near_to_nothing():
    listed("usual", "pdq", BASE)
    assert near([Hash(BASE, 49)]) is None
    assert near([Hash("0" * 64, 100), Hash(BASE, 50)]).distance == 0


def test_a_list_is_read_again_when_it_changed(django_assert_num_queries):
    row = listed("usual", "pdq", BASE)
    assert near(BASE)
    with django_assert_num_queries(1):
        assert near("0" * 64) is None
    KnownHash.objects.create(hash_list=row, value="0" * 64)
    HashList.objects.filter(pk=row.pk).update(version=F("version") + 1)
    assert near("0" * 64)


def test_a_classifier_of_files_gets_the_lists_and_is_the_same_while_none_changed(django_assert_num_queries):
    row = listed("malware", "sha256", BASE)
    spec = with_hashes(FILES)
    assert spec.options["known_bad"] == {BASE}
    with django_assert_num_queries(1):
        assert with_hashes(FILES) == spec
    row.delete()
    assert with_hashes(FILES) != spec


def test_a_classifier_of_pictures_gets_labels_and_distances_of_the_lists():
    from classifiers.images.pdq import hash_of

    clause = Clause.objects.order_by("pk").first()
    import numpy as np

    value = hash_of(np.asarray(picture(300, 200))).value
    listed("a", "pdq", value, label="known_bad", clause=clause)
    listed("b", "pdq", BASE, label="known_bad")
    listed("c", "pdq", BASE, label="other", distance=0)
    spec = with_hashes(PICTURES)
    assert [(label.name, label.clause) for label in spec.labels] == [("known_bad", clause.code), ("other", "")]
    [reading] = load(spec).read([encoded(picture(300, 200))])
    assert [(score.label, score.value) for score in reading.scores] == [("known_bad", 1.0), ("other", 0.0)]


def test_a_specification_with_lists_of_its_own_and_other_engines_stay_as_they_are():
    listed("malware", "sha256", BASE)
    own = Specification("files", "file", "files", options={"known_bad": []})
    text = Specification("text", "text", "encoder-head")
    assert (with_hashes(own), with_hashes(text), with_hashes(PICTURES)) == (own, text, PICTURES)
