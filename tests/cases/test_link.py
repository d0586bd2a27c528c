"""Cases that belong together: linked, never merged (D4)."""

import struct
import uuid

import pytest

from community.actions import add_comment
from foundation.errors import Forbidden, Refused
from moderation.cases.actions import link, receive_report, unlink
from moderation.cases.batches import link_batches
from moderation.cases.models import Case, CaseLink, Event
from moderation.cases.overview import linked_cases, suggestions
from moderation.reports.details import Details
from moderation.scoring.models import Embedding


def why(case: Case, viewer) -> dict[int, set[str]]:
    return {one.case.pk: {str(reason) for reason in one.why} for one in suggestions(case, viewer)}


def test_both_know_of_it(many_cases, moderator):
    first, second = many_cases(2)
    link(second, first, actor=moderator)
    link(first, second, actor=moderator)
    assert CaseLink.objects.get().first == first
    assert [one.case for one in linked_cases(first, moderator)] == [second]
    assert [one.case for one in linked_cases(second, moderator)] == [first]
    events = Event.objects.filter(kind="case.linked").values_list("case", "data__case")
    assert set(events) == {(first.pk, second.public_id.hex), (second.pk, first.public_id.hex)}


def test_it_is_taken_away(many_cases, moderator):
    first, second = many_cases(2)
    link(first, second, actor=moderator)
    for _click in range(2):
        unlink(second, first, actor=moderator)
    assert not CaseLink.objects.exists()
    assert Event.objects.filter(kind="case.unlinked").count() == 2


def test_not_to_itself_and_not_by_anybody(many_cases, moderator, reporter):
    first, second = many_cases(2)
    with pytest.raises(Refused):
        link(first, first, actor=moderator)
    with pytest.raises(Forbidden):
        link(first, second, actor=reporter)


def test_author_and_repository_are_suggested(report, many_cases, discussion, repository, moderator, make_user):
    case, same_author = many_cases(2)
    same_place = report(add_comment(discussion, text="Something else.", actor=make_user("ada")))
    assert why(case, moderator) == {
        same_author.pk: {"by the same author", "in the same repository"},
        same_place.pk: {"in the same repository"},
    }
    link(case, same_place, actor=moderator)
    assert set(why(case, moderator)) == {same_author.pk}


def test_the_same_words_are_suggested(report, make_repository, make_user, moderator):
    from community.actions import open_discussion

    def written(name: str, text: str) -> Case:
        place = make_repository(f"of-{name}", owner=make_user(name))
        return report(open_discussion(place, title="Hello", text=text, actor=make_user(f"{name}-too")))

    case, same, _other = written("ada", "Buy now!"), written("bo", "Buy now!"), written("cy", "A question.")
    assert why(case, moderator) == {same.pk: {"nearly the same content"}}


def test_words_that_mean_the_same_are_suggested(report, make_repository, make_user, moderator):
    def placed(name: str, *vector: float) -> Case:
        case = report(make_repository(f"of-{name}", owner=make_user(name)), "spam")
        snapshot = case.case_reports.get().report.snapshot
        Embedding.objects.create(snapshot=snapshot, model="m", vector=struct.pack("<2e", *vector))
        return case

    case, near, _far = placed("ada", 1.0, 0.0), placed("bo", 0.96, 0.28), placed("cy", 0.8, 0.6)
    assert why(case, moderator) == {near.pk: {"nearly the same content"}}


def test_only_what_the_viewer_may_see(report, discussion, repository, moderator, other_moderator):
    case = report(repository, "spam")
    other = report(add_comment(discussion, text="You are all wrong.", actor=other_moderator))
    assert set(why(case, moderator)) == {other.pk}
    assert why(case, other_moderator) == {}
    link(case, other, actor=moderator)
    assert linked_cases(case, other_moderator) == []


def test_what_was_reported_in_one_go_is_linked(discussion, author, reporter, clause, moderator):
    batch = uuid.uuid4()
    cases = []
    for number in range(3):
        comment = add_comment(discussion, text=f"Idiot number {number}!", actor=author)
        filed = receive_report(
            comment, clause=clause("harassment"), text="He insults us.", actor=reporter, details=Details(batch=batch)
        )
        cases.append(filed.case_report.case)
    assert link_batches() == 3
    assert link_batches() == 0
    first, second, third = cases
    assert [one.case for one in linked_cases(first, moderator)] == [third, second]
    assert CaseLink.objects.filter(reason="batch").count() == 2
    assert reporter.pk not in Event.objects.filter(kind="case.linked").values_list("actor", flat=True)
    assert why(second, moderator)[third.pk] >= {"reported in one go"}


def test_the_panel(sign_in, many_cases, moderator, django_assert_max_num_queries):
    first, second = many_cases(2)
    client = sign_in(moderator)
    with django_assert_max_num_queries(18):
        page = client.get(f"/cases/{first.public_id}/related").content.decode()
    assert str(second.public_id) in page
    assert 'action="/cases/bulk"' in page
    assert (
        client.post(
            f"/cases/{first.public_id}/links", {"other": f"http://hub{second.get_absolute_url()}?x"}
        ).status_code
        == 303
    )
    assert "linked by us" in client.get(first.get_absolute_url()).content.decode()
    assert client.post(f"/cases/{first.public_id}/links", {"other": "nonsense"}).status_code == 422
    assert client.post(f"/cases/{first.public_id}/links", {"other": str(uuid.uuid4())}).status_code == 422
    assert client.post(f"/cases/{first.public_id}/links/{second.public_id}/unlink").status_code == 303
    assert not CaseLink.objects.exists()
