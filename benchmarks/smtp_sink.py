"""A mail server for `make bench-notices`: takes every mail and writes its Message-ID into a file before it says so.

`python -m benchmarks.smtp_sink DESCRIPTOR FILE`, with the descriptor of a listening socket.
"""

import asyncio
import os
import re
import socket
import sys

END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
ANSWERS = {b"DATA": b"354 Go on", b"QUIT": b"221 Bye"}


class Sink:
    """What one line each in `path` says was taken."""

    def __init__(self, path: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        writer.write(b"220 sink\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].strip().upper()
                writer.write(ANSWERS.get(verb, b"250 OK") + b"\r\n")
                await writer.drain()
                if verb == b"QUIT":
                    break
                if verb == b"DATA":
                    self._take(await reader.readuntil(END))
                    writer.write(b"250 Taken\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever sent it was killed
        finally:
            writer.close()

    def _take(self, mail: bytes) -> None:
        found = MESSAGE_ID.search(mail)
        os.write(self.file, (found[1] if found else b"none") + b"\n")


async def main(descriptor: int, path: str) -> None:
    server = await asyncio.start_server(Sink(path).serve, sock=socket.socket(fileno=descriptor), limit=2**22)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
