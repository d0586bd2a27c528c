"""One version of a classifier follows another: it ran beside it on the same requests, and from now on it counts."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import bells, changes
from foundation.clock import Now
from foundation.errors import Forbidden, Refused
from moderation.scoring.models import Classifier, ScoreRequest

State = Classifier.State
_TABLE = ScoreRequest._meta.db_table


@transaction.atomic
def take_over(row: Classifier, *, actor: User) -> Classifier:
    """Have the scores of `row` count from now on, and those of the version that was active no more.

    What waits for the old version waits for this one. What both have scored is changed by a worker, a portion at a
    time (automation.succession). Raises Forbidden for all but administrators, Refused where it cannot be loaded.
    """
    _require_administrator(actor)
    # All of a name, so that of two administrators the second sees what the first one did.
    rows = {one.pk: one for one in Classifier.objects.select_for_update().filter(name=row.name).order_by("pk")}
    row = rows[row.pk]
    if row.counts:
        raise Refused(_("This version is active already."))
    if row.failure:
        raise Refused(_("This version is disabled: mend it first, else nothing would be scored."))
    for old in rows.values():
        if old.counts:
            _switch(old, State.RETIRED)
    _switch(row, State.ACTIVE)
    hand_over(row)
    changes.tell("classifier.replaced", row.pk, actor_id=actor.pk)
    bells.ring("score_pending")
    return row


@transaction.atomic
def retire(row: Classifier, *, actor: User) -> Classifier:
    """Ask `row` no more. What waits for a version on trial is dropped; for an active one it waits for the next.

    Scores stay, and count as they did. Raises Forbidden for all but administrators.
    """
    _require_administrator(actor)
    row = Classifier.objects.select_for_update().get(pk=row.pk)
    if row.state == State.TRIAL:
        ScoreRequest.objects.filter(classifier=row.code, done_at=None).delete()
    _switch(row, State.RETIRED)
    return row


@transaction.atomic
def try_out(row: Classifier, *, actor: User) -> Classifier:
    """Have `row`, which is retired, run beside the active version from now on. Raises Forbidden, Refused."""
    _require_administrator(actor)
    row = Classifier.objects.select_for_update().get(pk=row.pk)
    if row.state != State.RETIRED:
        raise Refused(_("This version is in use already."))
    _switch(row, State.TRIAL)
    return row


def state_now(row: Classifier) -> str:
    """The state of `row` as the saving transaction may rely on: nobody changes it before that has committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {Classifier._meta.db_table} WHERE id = %s FOR SHARE", [row.pk])  # noqa: S608
        found = cursor.fetchone()
    return found[0] if found else State.RETIRED


def _switch(row: Classifier, state: str) -> None:
    row.state = state
    row.state_since = Now()
    row.save(update_fields=["state", "state_since"])


def hand_over(new: Classifier) -> None:
    """What waits for retired versions of its name waits for `new`, unless that has it already."""
    retired = Classifier.objects.filter(name=new.name, state=State.RETIRED)
    codes = [one.code for one in retired]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (snapshot_id, classifier, attempts, last_error) "  # noqa: S608 - our own name
            f"SELECT snapshot_id, %s, 0, '' FROM {_TABLE} WHERE classifier = ANY(%s) AND done_at IS NULL "
            "ON CONFLICT DO NOTHING",
            [new.code, codes],
        )
    # What a scorer holds at this moment it gives back by itself, because the version is retired.
    waiting = ScoreRequest.objects.select_for_update(skip_locked=True).filter(classifier__in=codes, done_at=None)
    ScoreRequest.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).delete()


def _require_administrator(actor: User) -> None:
    if not (actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only administrators change which classifiers count."))
