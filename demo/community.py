"""What the demo hub's people did in community tabs besides writing: reactions, edits, hidden comments, pins, locks."""

from contextlib import nullcontext
from typing import Any

from community import actions
from demo import content
from demo.hub import Hub
from foundation import clock


def load_community(hub: Hub) -> None:
    """Take the steps of demo/content/community.yaml through the actions, oldest first.

    Those of today are no history: whom they concern is told.
    """
    steps = content.read("community.yaml")["steps"]
    for step in sorted(steps, key=lambda one: -one["days_ago"]):
        days = step["days_ago"]
        with clock.importing(hub.before(days)) if days else nullcontext():
            _take(hub, step)


def _take(hub: Hub, step: dict[str, Any]) -> None:
    on, actor = hub.find(step), hub.people[step["by"]]
    match step["do"]:
        case "comment":
            actions.add_comment(on, text=step["text"], actor=actor)
        case "edit":
            actions.edit_comment(on, text=step["text"], actor=actor)
        case "hide":
            actions.hide(on, category=step["category"], actor=actor)
        case "lock" if actor.is_team:
            hub.lock(on)
        case "lock":
            actions.set_locked(on, True, actor=actor, reason=step["reason"])
        case "pin":
            actions.set_pinned(on, True, actor=actor)
        case "react":
            actions.react(on, step["kind"], actor=actor)
        case "rename":
            actions.rename(on, step["title"], actor=actor)
        case unknown:
            raise ValueError(f"demo/content/community.yaml: nobody knows how to {unknown}.")
