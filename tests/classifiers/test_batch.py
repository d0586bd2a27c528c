from hypothesis import given
from hypothesis import strategies as st

from classifiers.batching import batches


@given(st.lists(st.integers(1, 300)), st.integers(1, 1000))
def test_everything_once_and_within_the_budget(lengths, budget):
    found = list(batches(lengths, budget))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget


def test_like_lengths_share_a_batch():
    assert list(batches([5, 100, 6, 99], 200)) == [[1, 3], [2, 0]]
