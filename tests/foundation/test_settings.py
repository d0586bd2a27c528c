import dramatiq
from dramatiq.brokers.stub import StubBroker


def test_the_broker_of_the_settings_is_in_use() -> None:
    assert isinstance(dramatiq.get_broker(), StubBroker)  # tests say memory://
