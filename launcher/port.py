"""The web server's address: taken by us before anything starts, so that a taken port is known at once."""

import errno
import socket
import time

from launcher.errors import LaunchError

LOOPBACK = "127.0.0.1"
NEAR = 20  # how many ports after the web server's are tried for the events process


def listen(port: str, patience: float = 0.0) -> socket.socket:
    """A socket on the loopback `port` ("1" to "65535"), for the web server to inherit; raises LaunchError.

    Because we keep it open, a web server that is started again loses no connection and no port. A taken port
    is tried again for `patience` seconds.
    """
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise LaunchError(f"{port!r} is not a port.", "Use a number between 1 and 65535: make run PORT=8001")
    give_up = time.monotonic() + patience
    while True:
        try:
            return _bound(int(port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < give_up:
                time.sleep(0.2)
                continue
            other = int(port) + 1 if 1024 <= int(port) < 65535 else 8001
            taken = error.errno == errno.EADDRINUSE
            why = "is taken by another program" if taken else f"cannot be used: {error.strerror}"
            raise LaunchError(f"Port {port} {why}.", f"Choose another one: make run PORT={other}") from error


def listen_beside(port: int) -> socket.socket:
    """A socket on the first free port after `port`, or on any where none of the next is free; raises LaunchError."""
    for candidate in [*range(port + 1, min(port + NEAR, 65535) + 1), 0]:
        try:
            return _bound(candidate)
        except OSError:
            continue
    raise LaunchError("There is no free port for the events process.", "Close a program that listens on many ports.")


def _bound(port: int) -> socket.socket:
    result = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        result.bind((LOOPBACK, port))
        result.listen(128)
    except OSError:
        result.close()
        raise
    return result
