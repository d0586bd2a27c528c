"""What commands for operators share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from foundation.errors import Refused


@contextmanager
def clear_errors() -> Iterator[None]:
    """What an action refuses becomes the command's error: a sentence and exit status 1, no traceback."""
    try:
        yield
    except Refused as refusal:
        raise CommandError(str(refusal)) from None
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
