"""Doing the next piece while this one is used."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def ahead(make: Callable[[Given], Made], given: Sequence[Given]) -> Iterator[Made]:
    """`make` of each, in order, one ahead of what the caller holds, on one thread that ends with the iteration.

    A single piece is made on the caller's own thread. Raises what `make` raises, where its piece is due.
    """
    if len(given) < 2:
        yield from map(make, given)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        following = pool.submit(make, given[0])
        for one in given[1:]:
            made = following.result()
            following = pool.submit(make, one)
            yield made
        yield following.result()
