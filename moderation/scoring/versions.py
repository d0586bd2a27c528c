"""One version of a classifier follows another: it ran beside it on the same requests, and from now on it counts."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import bells, changes
from foundation.clock import Now
from foundation.errors import Forbidden, Refused
from moderation.scoring.declared import BadEntry, declared
from moderation.scoring.models import Classifier, ScoreRequest

State = Classifier.State
_TABLE = ScoreRequest._meta.db_table


@transaction.atomic
def take_over(row: Classifier, *, actor: User) -> Classifier:
    """Have the scores of `row` count from now on, and those of the version that was active no more.

    What waits for the old version waits for this one. What both have scored is changed by a worker, a portion at a
    time (automation.succession). Raises Forbidden for all but administrators, Refused where it cannot be loaded, and
    where the settings, from which it came, name it no longer: they would retire it at once, and nothing would count.
    """
    _require_administrator(actor)
    # All of a name, so that of two administrators the second sees what the first one did.
    rows = {one.pk: one for one in Classifier.objects.select_for_update().filter(name=row.name).order_by("pk")}
    row = rows[row.pk]
    if row.counts:
        raise Refused(_("This version is active already."))
    if row.failure:
        raise Refused(_("This version is disabled: mend it first, else nothing would be scored."))
    _require_named(row)
    for old in rows.values():
        if old.counts:
            switch(old, State.RETIRED)
    switch(row, State.ACTIVE)
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
    drop_trial(row)
    switch(row, State.RETIRED)
    return row


@transaction.atomic
def try_out(row: Classifier, *, actor: User) -> Classifier:
    """Have `row`, which is retired, run beside the active version from now on. Raises Forbidden, Refused."""
    _require_administrator(actor)
    row = Classifier.objects.select_for_update().get(pk=row.pk)
    if row.state != State.RETIRED:
        raise Refused(_("This version is in use already."))
    _require_named(row)
    switch(row, State.TRIAL)
    return row


def state_now(row: Classifier) -> str:
    """The state of `row` as the saving transaction may rely on: nobody changes it before that has committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {Classifier._meta.db_table} WHERE id = %s FOR SHARE", [row.pk])  # noqa: S608
        found = cursor.fetchone()
    return found[0] if found else State.RETIRED


def lock_states() -> list[Classifier]:
    """Every version, as the transaction may rely on: nobody changes or adds a state before it has committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {Classifier._meta.db_table} ORDER BY id FOR SHARE")  # noqa: S608
    # In a statement of its own, which sees what was committed while that one waited.
    return list(Classifier.objects.order_by("name", "version"))


def switch(row: Classifier, state: str, *, absent: bool = False) -> None:
    """Set the state of `row`, which is locked; `absent` where the settings name it no longer."""
    row.state, row.absent = state, absent
    row.state_since = Now()
    row.save(update_fields=["state", "state_since", "absent"])


def drop_trial(row: Classifier) -> None:
    """Drop what waits for `row` if it is on trial: what counts is asked of others anyway."""
    if row.state == State.TRIAL:
        _delete_waiting([row.code])


def hand_over_stranded(rows: Sequence[Classifier]) -> None:
    """What waits for a retired version though another of `rows` counts now is that one's: whatever stranded it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT c.name FROM {Classifier._meta.db_table} c JOIN {_TABLE} r "  # noqa: S608 - our own names
            "ON r.classifier = c.name || '@' || c.version AND r.done_at IS NULL WHERE c.state = %s",
            [State.RETIRED],
        )
        names = {name for (name,) in cursor.fetchall()}
    for row in rows:
        if row.name in names and row.counts:
            with transaction.atomic():
                # One at a time: two would insert the same requests and wait for each other.
                if Classifier.objects.select_for_update().filter(pk=row.pk, state=State.ACTIVE).exists():
                    hand_over(row)


def hand_over(new: Classifier) -> None:
    """What waits for retired versions of its name waits for `new`, unless that has it already."""
    retired = Classifier.objects.filter(name=new.name, state=State.RETIRED)
    codes = [one.code for one in retired]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (snapshot_id, classifier, attempts, last_error) "  # noqa: S608 - our own name
            f"SELECT snapshot_id, %s, 0, '' FROM {_TABLE} WHERE classifier = ANY(%s) AND done_at IS NULL "
            "ORDER BY snapshot_id ON CONFLICT DO NOTHING",
            [new.code, codes],
        )
    _delete_waiting(codes)


def _delete_waiting(codes: Sequence[str]) -> None:
    # What a scorer holds at this moment it gives back by itself, because the version is retired; and it waits for
    # the state of the version, which whoever deletes has locked.
    waiting = ScoreRequest.objects.select_for_update(skip_locked=True).filter(classifier__in=codes, done_at=None)
    ScoreRequest.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).delete()


def _require_named(row: Classifier) -> None:
    if not row.absent:
        return
    try:
        named = {(one.specification.name, one.version) for one in declared()}
    except BadEntry as error:
        raise Refused(str(error)) from error
    if (row.name, row.version) not in named:
        raise Refused(_("The settings name this version no longer. Name it there again, or add it here as a new one."))


def _require_administrator(actor: User) -> None:
    if not (actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only administrators change which classifiers count."))
