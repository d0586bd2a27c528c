"""Which reporters count for a rule, because brigading is expected (I2)."""

from collections.abc import Iterable
from datetime import timedelta

from accounts.models import Membership, PostingRestriction, User
from community.models import Comment
from foundation.clock import Now
from moderation.cases.models import Case
from moderation.reports.models import Report
from moderation.subjects.models import Subject

# How old an account must be before its reports count for a rule.
ESTABLISHED = timedelta(days=7)


def independent_reporters(case: Case) -> int:
    """How many people who reported `case` are established, unlinked and outside the thread; four queries.

    Established: the account is a week old and may post. Unlinked: those who share an organization with each other
    count once, those who share one with the author not at all. Outside: did not comment in the same discussion.
    """
    reports = Report.objects.filter(case_report__case=case, channel__in=Report.BY_PEOPLE)
    people = User.objects.filter(pk__in=reports.values("reporter"), is_active=True)
    people = people.filter(date_joined__lte=Now() - ESTABLISHED)
    banned = PostingRestriction.objects.active().values("user")
    inside = _people_in_thread(case.subject)
    keys = set(people.exclude(pk__in=banned).exclude(pk__in=inside).values_list("pk", flat=True))
    author = case.subject.author
    groups = _groups([*keys, *([author.pk] if author else [])])
    return sum(1 for group in groups if author is None or author.pk not in group)


def _people_in_thread(subject: Subject) -> list[int]:
    discussion = subject.discussion_id or (subject.comment.discussion_id if subject.comment else None)
    if discussion is None:
        return []
    return list(Comment.objects.filter(discussion=discussion).values_list("author", flat=True).distinct())


def _groups(people: Iterable[int]) -> list[set[int]]:
    """People joined wherever two share an organization."""
    groups = [{person} for person in set(people)]
    shared: dict[int, set[int]] = {}
    for person, organization in Membership.objects.filter(user__in=[*people]).values_list("user", "organization"):
        shared.setdefault(organization, set()).add(person)
    for members in shared.values():
        touched = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members]
        if touched:
            groups.append(set().union(*touched))
    return groups


def reported_snapshots(case: Case) -> list[int]:
    """Ids of the snapshots that were reported, newest first."""
    rows = Report.objects.filter(case_report__case=case).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("snapshot", flat=True)))
