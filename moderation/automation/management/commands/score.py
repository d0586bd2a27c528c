import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.automation.service import Service

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Score what was reported, until it is asked to stop (SIGTERM, or Ctrl-C): the scorer as a service of its own. "
        "Set OMBUD_SCORER=service for the workers beside it. Several may run, one for each GPU."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        service = Service()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_of_signal: service.stop())
        count = service.run(on_ready=lambda: logger.info("The scorer is ready."))
        logger.info("The scorer stopped after %s requests.", count)
        if service.failed:
            raise CommandError("The scorer ended by itself: its log says why. Start it again.")
