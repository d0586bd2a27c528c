"""Which reporters count for a rule, because brigading is expected (I2)."""

from collections.abc import Iterable
from datetime import timedelta

from accounts.models import Membership, PostingRestriction, User
from community.models import Comment
from foundation.clock import Now
from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.reports.people import distinct_people
from moderation.subjects.models import Subject

# How old an account must be before its reports count for a rule.
ESTABLISHED = timedelta(days=7)


def independent_reporters(case: Case) -> int:
    """How many people who reported `case` are established, unlinked and outside the thread; five queries.

    Established: the account, no guest's, is a week old and may post. Unlinked: those who share an organization with
    each other, or are perhaps one person, count once, those who share one with the author not at all. Outside: did not
    comment in the same discussion.
    """
    rows = Report.objects.filter(case_report__case=case, channel__in=Report.BY_PEOPLE)
    reports = list(rows.exclude(state=Report.State.WITHDRAWN).only("reporter", "address", "created_at"))
    reporters = {report.reporter_id for report in reports}
    people = User.objects.filter(pk__in=reporters, is_active=True, is_guest=False)
    people = people.filter(date_joined__lte=Now() - ESTABLISHED)
    banned = PostingRestriction.objects.active().values("user")
    inside = _people_in_thread(case.subject)
    keys = set(people.exclude(pk__in=banned).exclude(pk__in=inside).values_list("pk", flat=True))
    author = case.subject.author
    groups = _groups([*keys, *([author.pk] if author else [])], distinct_people(reports))
    return sum(1 for group in groups if author is None or author.pk not in group)


def _people_in_thread(subject: Subject) -> list[int]:
    discussion = subject.discussion_id or (subject.comment.discussion_id if subject.comment else None)
    if discussion is None:
        return []
    return list(Comment.objects.filter(discussion=discussion).values_list("author", flat=True).distinct())


def _groups(people: Iterable[int], same: Iterable[set[int]]) -> list[set[int]]:
    """People joined wherever two share an organization or are perhaps the `same` person."""
    groups = [{person} for person in set(people)]
    shared: dict[int, set[int]] = {}
    for person, organization in Membership.objects.filter(user__in=[*people]).values_list("user", "organization"):
        shared.setdefault(organization, set()).add(person)
    for members in [*shared.values(), *same]:
        touched = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members]
        if touched:
            groups.append(set().union(*touched))
    return groups


def reported_snapshots(case: Case) -> list[int]:
    """Ids of the snapshots that were reported, newest first."""
    rows = Report.objects.filter(case_report__case=case).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("snapshot", flat=True)))
