"""`python -m launcher COMMAND`: what the Makefile calls."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from launcher import checks, reset, run, suite
from launcher.child import die_with_parent, say
from launcher.errors import LaunchError, StopAskedError
from launcher.signals import StopFlag


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status (1 with a clear sentence, 130 when asked to stop)."""
    options = parser().parse_args(arguments)
    stop_flag = StopFlag().install()
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM, os.getppid())  # a killed make must leave nothing behind either
    try:
        if options.command == "run":
            return run.run(options.port, stop_flag)
        if options.command == "reset":
            return reset.reset(confirmed=options.yes)
        if options.command == "lint":
            return checks.lint(stop_flag)
        if options.command == "with-database":
            return suite.with_database(options.rest, stop_flag)
        return suite.test(options.rest, stop_flag)
    except LaunchError as refusal:
        say(f"\n{refusal.sentence}\n--> {refusal.way_out}")
        return 1
    except StopAskedError:
        say("Stopped.")
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    commands = result.add_subparsers(dest="command", required=True)
    start = commands.add_parser("run", help="start Ombud with its own database; Ctrl-C stops it")
    start.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: PORT, or 8000")
    empty = commands.add_parser("reset", help="delete the embedded database and what belongs to it")
    empty.add_argument("--yes", action="store_true", default=os.environ.get("CONFIRM") == "yes")
    commands.add_parser("lint", help="formatting, lint, templates, types, import contract")
    test = commands.add_parser("test", help="all checks, then the test suite on a throwaway database")
    test.add_argument("rest", nargs="*", help="after --: arguments for pytest; then only pytest runs")
    other = commands.add_parser("with-database", help="run a command on a throwaway database")
    other.add_argument("rest", nargs="+", help="after --: the command")
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
