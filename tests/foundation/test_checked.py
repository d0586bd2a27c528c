"""What a request sends is read by fields that all requests share, as a serializer of its own would read it (K1)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers

from foundation.api import CleanTextField, checked


class Part(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["one", "two"])
    hours = serializers.IntegerField(required=False, min_value=1)


class Shape(serializers.Serializer[Any]):
    text = CleanTextField(longest=10)
    note = CleanTextField(longest=10, required=False)
    blank = CleanTextField(longest=10, required=False, allow_blank=True)
    number = serializers.IntegerField(required=False, allow_null=True)
    sure = serializers.BooleanField(default=False)
    maybe = serializers.BooleanField(required=False)
    parts = Part(many=True, required=False)
    names = serializers.ListField(child=serializers.CharField(), required=False)
    shown = serializers.CharField(read_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("maybe") and "note" not in attrs:
            raise serializers.ValidationError({"note": ["Say why."]})
        return attrs


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 5), st.text(max_size=12), st.just([]), st.just([{"kind": "one"}]),
    st.just([{"kind": "two", "hours": 0}]), st.just(["a", 1]),
)  # fmt: skip
SENT = st.one_of(st.dictionaries(st.sampled_from([*Shape().fields, "other"]), VALUES), st.just([]), st.none())


@given(sent=SENT)
def test_it_reads_what_a_serializer_reads(sent):
    own = Shape(data=sent)
    if own.is_valid():
        assert checked(Shape, sent) == own.validated_data
        return
    with pytest.raises(serializers.ValidationError) as refused:
        checked(Shape, sent)
    assert refused.value.detail == own.errors or sent is None


def test_what_one_request_leaves_out_the_next_one_may_send():
    assert checked(Shape, {"text": "a"}) == {"text": "a", "sure": False}
    assert checked(Shape, {"text": "a", "number": 1, "maybe": False}) == {
        "text": "a", "sure": False, "number": 1, "maybe": False,
    }  # fmt: skip
    assert checked(Shape, {"text": "a"}) == {"text": "a", "sure": False}
