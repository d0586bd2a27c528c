import dramatiq
from django.apps import AppConfig
from django.conf import settings
from dramatiq_postgres.django.apps import DramatiqPostgresConfig

from foundation.catalogs import merge_catalogs

merge_catalogs()  # before models are imported, some of which translate at once


class FoundationConfig(AppConfig):
    name = "foundation"
    default = True

    def ready(self) -> None:
        from foundation.broker import make_broker

        dramatiq.set_broker(make_broker(settings.BROKER_URL))


class EmbeddedBrokerConfig(DramatiqPostgresConfig):
    """The tables of the embedded broker; which broker is used is decided in FoundationConfig."""

    default = False

    def ready(self) -> None:
        pass
