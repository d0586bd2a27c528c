import dramatiq
from dramatiq_crontab import cron

from foundation import bells
from moderation.cases import checkpoints as chain_checkpoints
from moderation.cases import deadlines as case_deadlines
from moderation.cases import feedback

deadlines = bells.answers("deadlines")(case_deadlines.act_on_deadlines)
read_changes = bells.answers("read_changes")(feedback.read_changes)


@cron("* * * * *")
@dramatiq.actor(queue_name=bells.QUEUE)
def checkpoints() -> None:
    """Every minute, write the heads of the event chains outside the database (J6)."""
    chain_checkpoints.write_checkpoints()
