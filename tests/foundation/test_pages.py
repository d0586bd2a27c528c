import pytest
from django.http import QueryDict

from foundation.errors import Refused
from foundation.models import Change
from foundation.pages import page


def add(count: int) -> None:
    Change.objects.bulk_create(Change(kind="comment.added", object_id=number // 3) for number in range(count))


@pytest.mark.parametrize("order", [("object_id", "id"), ("-object_id", "-id"), ("-created_at", "-id")])
def test_every_row_is_on_exactly_one_page(db, order) -> None:
    add(25)
    query, seen = QueryDict(), []
    while True:
        found = page(Change.objects.all(), query, order=order, size=4)
        seen += [row.pk for row in found.rows]
        if not found.next:
            break
        query = QueryDict(found.next)
    assert seen == list(Change.objects.order_by(*order).values_list("pk", flat=True))


def test_other_parameters_stay_in_the_address(db) -> None:
    add(5)
    assert "state=open" in page(Change.objects.all(), QueryDict("state=open"), order=("id",), size=2).next


@pytest.mark.parametrize("after", ["x", "AAAA", "W10", "WzEsMl0", "W3sidCI6MX1d", "W251bGxd"])
def test_a_forged_place_is_refused(db, after) -> None:
    with pytest.raises(Refused):
        page(Change.objects.all(), QueryDict(f"after={after}"), order=("id",))
