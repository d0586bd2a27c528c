"""Entry point of the workers: `dramatiq config.worker`."""

import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils.module_loading import autodiscover_modules  # noqa: E402

autodiscover_modules("tasks")

# The model is there before the first bell rings: a report is scored within two seconds of its filing (H1).
from classifiers.text import default_classifier  # noqa: E402

try:
    default_classifier()
except Exception:
    # Mail, sanctions that end and all else does not need it; what waits for scores goes on waiting.
    logging.getLogger(__name__).exception("The text classifier cannot be loaded: nothing is scored until it is mended.")
