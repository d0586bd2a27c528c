"""Figures of the main job, read from the database."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count
from sklearn.metrics import roc_auc_score

from community.actions import add_comment, open_discussion
from community.importing import comment_identity, import_repository, people
from community.models import Comment
from launcher.errors import LaunchError
from launcher.signals import StopFlag
from moderation.cases.actions import receive_report
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.scoring.models import Score, ScoreRequest
from repositories.models import Repository

PATIENCE = 120.0


def single_report(stop_flag: StopFlag) -> float:
    """Seconds from filing one report to its scores, once the worker is up and idle."""
    latency = 0.0
    for _warm_up_then_measured in range(2):
        repository = import_repository("imports", "single")
        author, reporter = people("single", 2)
        discussion = open_discussion(repository, title="One", text="One.", actor=author)
        comment = add_comment(discussion, text="You are a worthless idiot.", actor=author)
        began = time.monotonic()
        report = receive_report(comment, clause=Clause.objects.get(code="harassment"), text="This.", actor=reporter)
        while not Score.objects.filter(snapshot=report.snapshot_id).exists():
            stop_flag.pause(0.02)
            if time.monotonic() - began > PATIENCE:
                raise LaunchError("The worker does not score.", "Its log is in the data folder's logs.")
        latency = time.monotonic() - began
    return latency


def imports() -> Repository:
    return import_repository("imports", "comments")


def _comments() -> Any:
    repository = imports()
    return Comment.objects.filter(discussion__repository=repository).exclude(author=repository.created_by_id)


def imported() -> int:
    return int(_comments().count())


def scored() -> int:
    """How many of the reported comments have all their scores."""
    return ScoreRequest.objects.filter(done_at__isnull=False, snapshot__subject__comment__in=_comments()).count()


def steady(ask: Callable[[], int], otherwise: int) -> int:
    """`ask()`, or `otherwise` while the database restarts."""
    try:
        return ask()
    except (OperationalError, InterfaceError):
        connection.close()
        return otherwise


def result(truth: dict[tuple[str, int], bool] | None) -> dict[str, Any]:
    """What became of the comments; AUROC and precision are None without labels."""
    comments = {one.request_id: one.pk for one in _comments()}
    scores = Score.objects.filter(snapshot__subject__comment__in=comments.values(), label="toxicity")
    per_comment = Counter(
        dict(
            scores.values_list("snapshot__subject__comment")
            .annotate(n=Count("pk"))
            .values_list("snapshot__subject__comment", "n")
        )
    )
    reported = set(
        Report.objects.filter(subject__comment__in=comments.values()).values_list("subject__comment", flat=True)
    )
    figures: dict[str, Any] = {
        "comments": len(comments),
        "scored": len(per_comment),
        "lost": len(set(comments.values()) - (reported & set(per_comment))),
        "twice": sum(1 for count in per_comment.values() if count > 1),
        "auroc": None,
        "precision_at_100": None,
    }
    if truth:
        repository = imports()
        labels = {comments[comment_identity(repository, *key)]: toxic for key, toxic in truth.items()}
        values = dict(scores.values_list("snapshot__subject__comment", "value"))
        keys = [key for key in labels if key in values]
        figures["auroc"] = round(float(roc_auc_score([labels[key] for key in keys], [values[key] for key in keys])), 4)
        # Points are the priority without waiting time.
        first = Case.objects.filter(subject__comment__in=labels).order_by("-points", "id")[:100]
        top = [labels[key] for key in first.values_list("subject__comment", flat=True)]
        figures["precision_at_100"] = sum(top) / max(len(top), 1)
    return figures
