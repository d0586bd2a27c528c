"""Entry point of the workers: `dramatiq config.worker`."""

import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils.module_loading import autodiscover_modules  # noqa: E402

autodiscover_modules("tasks")

# The models are there before the first bell rings: a report is scored within two seconds of its filing (H1).
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from moderation.automation.batches import ready_ones  # noqa: E402

if settings.SCORER != "service":
    try:
        ready_ones()
        connection.close()
    except Exception:
        # Mail, sanctions that end and all else need none; what waits for scores goes on waiting.
        logging.getLogger(__name__).exception("No classifier can be loaded: nothing is scored until that is mended.")
