"""Time zones that people choose from, and the one a person chose."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from accounts.models import User

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def zone_of(user: User) -> ZoneInfo:
    """The zone that times are shown in to `user`; UTC when the stored name is none of this machine's."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def zone_choices() -> Choices:
    """UTC, then places grouped by continent, for a select."""
    choices: Choices = [("UTC", "UTC")]
    known = sorted(available_timezones())
    for area in AREAS:
        places = [(name, name.partition("/")[2].replace("_", " ")) for name in known if name.startswith(f"{area}/")]
        if places:
            choices.append((area, places))
    return choices
