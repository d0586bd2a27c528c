"""Entry point of the workers: `dramatiq config.worker`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils.module_loading import autodiscover_modules  # noqa: E402

autodiscover_modules("tasks")

# The model is there before the first bell rings: a report is scored within two seconds of its filing (H1).
from classifiers.text import default_classifier  # noqa: E402

default_classifier()
