"""What every benchmark does around its work: it can be stopped, and a refusal is a sentence and a way out."""

from collections.abc import Callable

from launcher.child import say
from launcher.errors import LaunchError, StopAskedError
from launcher.signals import StopFlag


def carry_out(work: Callable[[StopFlag], int]) -> int:
    """The exit status of `work`; 1 where it could not be done or somebody stopped it."""
    stop_flag = StopFlag().install()
    try:
        return work(stop_flag)
    except LaunchError as refusal:
        say(f"\n{refusal.sentence}\n--> {refusal.way_out}")
    except StopAskedError:
        say("Stopped.")
    return 1
