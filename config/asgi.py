"""Entry point of the events process: `uvicorn config.asgi:application` (docs/events.md).

Pages are served by config.wsgi; here are only the lines on which open pages of the team hear that something happened.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from moderation.cases.live.server import Events  # noqa: E402

application = Events()
