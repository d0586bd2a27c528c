import pytest

from foundation.broker import make_broker


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://localhost/x", "ForkedBroker"),
        ("redis://localhost", "RedisBroker"),
        ("amqp://localhost", "RabbitmqBroker"),
    ],
)
def test_the_address_chooses_the_broker(url: str, name: str) -> None:
    broker = make_broker(url)
    assert type(broker).__name__ == name
    broker.close()


def test_an_unknown_address_says_what_would_be_known() -> None:
    with pytest.raises(ValueError, match="amqp"):
        make_broker("kafka://localhost")
