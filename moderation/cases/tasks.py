import dramatiq
from dramatiq_crontab import cron

from foundation import bells
from moderation.cases import batches, comfort, conditions, feedback, reprioritise
from moderation.cases import checkpoints as chain_checkpoints
from moderation.cases import deadlines as case_deadlines
from moderation.cases.actions import claims, erasing, evidence

erase = bells.answers("erase")(erasing.erase_ordered)
destroy_evidence = bells.answers("destroy_evidence")(evidence.destroy_evidence)
free_claims = bells.answers("free_claims")(claims.free_claims)
deadlines = bells.answers("deadlines")(case_deadlines.act_on_deadlines)
link_cases = bells.answers("link_cases")(batches.link_batches)
check_conditions = bells.answers("check_conditions")(conditions.check_conditions)
read_changes = bells.answers("read_changes")(feedback.read_changes)

rerank = bells.answers("rerank")(reprioritise.work_through)


@cron("*/10 * * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def watch_reach() -> None:
    """Every ten minutes, look which cases gained or lost reach (D4)."""
    reprioritise.watch_reach()


@cron("* * * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def checkpoints() -> None:
    """Every minute, write the heads of the event chains outside the database (J6)."""
    chain_checkpoints.write_checkpoints()


@cron("17 3 * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def forget_exposures() -> None:
    """Every night, forget who saw what harmful content more than thirty days ago (D5)."""
    comfort.forget_exposures()
