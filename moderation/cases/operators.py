"""In whose name the commands of operators act."""

from typing import Any

from accounts.models import User
from accounts.queries import system_actor
from foundation.errors import Refused

AS: dict[str, Any] = {
    "metavar": "MODERATOR",
    "default": "",
    "help": "in whose name; permissions are those of this person (default: the system, which may)",
}


def acting(name: str) -> User:
    """The member of the team called `name`, the system actor for "". Raises Refused for anybody else."""
    if not name:
        return system_actor()
    user = User.objects.filter(username__iexact=name).first()
    if user is None or not user.is_team:
        raise Refused(f"There is nobody called {name} in the team.")
    return user
