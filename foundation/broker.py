"""The broker carries bells only, so all three kinds are equal and its content may be lost (L3)."""

from typing import Any
from urllib.parse import urlsplit

from django.db import close_old_connections
from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.middleware import AgeLimit, Callbacks, Pipelines, ShutdownNotifications, TimeLimit

SCHEMES = ("postgresql", "postgres", "redis", "rediss", "amqp", "amqps")


class FreshConnections(Middleware):
    """Closes database connections that broke or grew too old around every message."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        close_old_connections()

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        close_old_connections()


def make_broker(url: str) -> Broker:
    """A broker for `url` (postgresql, redis or amqp). Raises ValueError for any other scheme.

    There is no Retries middleware: a lost or failed bell is replaced by the sweep, and its work is still a row.
    """
    middleware: list[Middleware] = [
        AgeLimit(max_age=600_000),
        TimeLimit(time_limit=600_000),
        ShutdownNotifications(),
        Callbacks(),
        Pipelines(),
        FreshConnections(),
    ]
    scheme = urlsplit(url).scheme
    if scheme in ("postgresql", "postgres"):
        from foundation.embedded_broker import ForkedBroker

        return ForkedBroker(url=url, results=False, middleware=middleware)
    if scheme in ("redis", "rediss"):
        from dramatiq.brokers.redis import RedisBroker

        return RedisBroker(url=url, middleware=middleware)  # type: ignore[no-untyped-call]
    if scheme in ("amqp", "amqps"):
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    if scheme == "memory":
        # For tests and one-off commands: bells ring in this process and nobody else hears them.
        from dramatiq.brokers.stub import StubBroker

        return StubBroker(middleware=middleware)
    raise ValueError(f"BROKER_URL starts with {scheme or 'nothing'}://; use one of {', '.join(SCHEMES)}.")
