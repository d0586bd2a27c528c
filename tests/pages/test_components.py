"""What templates of all rooms are made of."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone as django_timezone
from django.utils import translation

from foundation.templatetags.foundation import ago, exact, highlighted


class Sample(forms.Form):
    title = forms.CharField(help_text="One line.")
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "One"), ("b", "Two")])
    sure = forms.BooleanField(label="I am sure")


def field(name, data=None):
    return render_to_string("components/field.html", {"field": Sample(data)[name]})


def test_field_ties_help_to_its_control():
    html = field("title")
    assert 'for="id_title"' in html
    assert 'id="id_title_helptext"' in html
    assert 'aria-describedby="id_title_helptext"' in html


def test_field_ties_its_error_to_its_control():
    html = field("title", {})
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html


def test_only_optional_fields_are_marked():
    assert "(optional)" in field("note")
    assert "(optional)" not in field("title")


def test_choices_are_one_group_with_a_legend():
    assert "<legend>" in field("kind")
    assert "<label" in field("sure")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(hours=-3), "3\xa0hours ago"),
        (timedelta(days=2, minutes=1), "in 2\xa0days"),
        (timedelta(days=-16), "2\xa0weeks ago"),
    ],
)
def test_times_near_now_are_relative(step, words):
    assert ago(django_timezone.now() + step) == words


def test_older_times_are_dates():
    assert ago(datetime(2020, 11, 22, 14, 5, tzinfo=UTC)) == "22 November 2020"


def test_exact_time_names_its_zone():
    moment = datetime(2020, 11, 22, 14, 5, tzinfo=UTC)
    with django_timezone.override("Asia/Bangkok"):
        assert exact(moment) == "22 November 2020, 21:05 (+07)"
    with translation.override("th"):
        assert "14:05" in exact(moment)


def test_evidence_marks_what_decided_and_stays_text():
    html = render_to_string("components/evidence.html", {"content": "<b>you idiots</b>", "start": 3, "end": 13})
    assert "&lt;b&gt;<mark>you idiots</mark>&lt;/b&gt;" in html
    assert "open>" not in html


@pytest.mark.parametrize(("start", "end"), [(None, None), (5, 2), (-1, 3), ("", "")])
def test_evidence_without_a_window_is_unmarked(start, end):
    assert highlighted("some text", start, end) == "some text"
