"""Decoding images of strangers safely: in children with limits of memory and time, never in the worker itself (H3)."""

import json
import os
import queue
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers import sandbox
from classifiers.images.words import BROKEN, FAILED, NO_IMAGE, OK, TOO_LARGE, TOO_SLOW, TRUNCATED

Pixels = npt.NDArray[np.uint8]

CHILD = Path(__file__).with_name("child.py")
# Of one file in bytes; of an answer in seconds by the clock (the child's own limit is in seconds of the processor).
MAX_BYTES = 64 * 2**20
PATIENCE = 30.0
# Longest side of a decoded frame, and the frames of one animation that are looked at.
SIDE, FRAMES = 512, 6
# A child is replaced after so many images: what a decoder leaks goes with it.
LIFE = 2_000
# Of a child in bytes, and for each image in seconds of the processor.
MEMORY, SECONDS = 1024 * 2**20, 8
MAX_ANSWER_LINE = 65_536


@dataclass(frozen=True)
class Frame:
    """One frame of an image in RGB, rows × columns × 3, at most SIDE a side; `index` is its place from 0."""

    index: int
    pixels: Pixels


@dataclass(frozen=True)
class Decoded:
    """What came of an image. `verdict` is a key of `words.VERDICTS`; frames are there for `ok` and `truncated` only.

    `width` and `height` are what the file declares, 0 if unknown. `whole` is False where frames of an animation
    behind those could not be looked at: such an image is never called clean.
    """

    verdict: str
    format: str = ""
    width: int = 0
    height: int = 0
    frames: tuple[Frame, ...] = ()
    whole: bool = False


class Broken(Exception):  # noqa: N818 - reads as what happened
    """A child died or fell silent; `verdict` says what that means for the image it had."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class Child:
    """One decoding process; used by one thread at a time."""

    def __init__(self) -> None:
        self.served = 0
        self._process = sandbox.start(
            CHILD,
            memory=MEMORY,
            seconds=LIFE * SECONDS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    def ask(
        self,
        data: bytes,
        *,
        side: int,
        frames: int,
        preview: str = "",
        formats: Sequence[str] = (),
        pixels: int = 0,
        seconds: int = 0,
    ) -> tuple[dict[str, Any], list[bytes]]:
        """What the child answers, see its `answer`. Raises Broken, and is of no use after that."""
        self.served += 1
        until = time.monotonic() + PATIENCE
        request = {"size": len(data), "side": side, "frames": frames, "preview": preview}
        request |= {"formats": list(formats), "pixels": pixels, "seconds": seconds or SECONDS}
        try:
            self._send(memoryview(json.dumps(request).encode() + b"\n"), until)
            self._send(memoryview(data), until)
            line, rest = self._line(until)
            head = json.loads(line)
            sizes = _sizes(head, most=frames, largest=3 * side * side)
            body = self._exactly(sum(sizes), rest, until)
        except (OSError, ValueError, KeyError, TypeError):
            raise Broken(self.close()) from None
        ends = accumulate(sizes, initial=0)
        return head, [body[start:end] for start, end in pairwise(ends)]

    def close(self) -> str:
        """Ends the child; what its end means for the image that it had."""
        slow = self._process.poll() is None
        try:
            code = self._process.wait(0.2)
            slow = False
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        return TOO_SLOW if slow or code in (-signal.SIGXCPU, -signal.SIGKILL) else FAILED

    def _send(self, data: memoryview, until: float) -> None:
        while data:
            self._wait([], [self._in], until)
            data = data[os.write(self._in, data[: 2**16]) :]

    def _line(self, until: float) -> tuple[bytes, bytes]:
        found = b""
        while b"\n" not in found:
            if len(found) > MAX_ANSWER_LINE:
                raise ValueError("no line")
            found += self._some(until)
        line, _, rest = found.partition(b"\n")
        return line, rest

    def _exactly(self, size: int, found: bytes, until: float) -> bytes:
        body = bytearray(found)
        while len(body) < size:
            body += self._some(until)
        return bytes(body)

    def _some(self, until: float) -> bytes:
        self._wait([self._out], [], until)
        if not (some := os.read(self._out, 2**18)):
            raise BrokenPipeError
        return some

    @staticmethod
    def _wait(reading: list[int], writing: list[int], until: float) -> None:
        if not any(select.select(reading, writing, [], max(until - time.monotonic(), 0))):
            raise TimeoutError


class Decoder:
    """A few children that decode side by side. Safe to use from several threads; children start when they are needed.

    They end with the process that has them.
    """

    def __init__(self, children: int = 0) -> None:
        self.children = children or min(8, len(os.sched_getaffinity(0)))
        self._free: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(self.children):
            self._free.put(None)

    def decode(self, data: bytes, *, side: int = SIDE, frames: int = FRAMES) -> Decoded:
        """An image of any bytes; raises nothing for any content. A file above MAX_BYTES is `too_large` unread."""
        if len(data) > MAX_BYTES:
            return Decoded(TOO_LARGE)
        head, parts = self._ask(data, side=side, frames=frames)
        try:
            return _decoded(head, parts)
        except (KeyError, TypeError, ValueError):
            return Decoded(FAILED)

    def decode_all(self, images: Sequence[bytes], *, side: int = SIDE, frames: int = FRAMES) -> list[Decoded]:
        """The same for many, in order and side by side."""
        if len(images) < 2 or self.children < 2:
            return [self.decode(one, side=side, frames=frames) for one in images]
        with ThreadPoolExecutor(self.children) as threads:
            return list(threads.map(lambda one: self.decode(one, side=side, frames=frames), images))

    def preview(self, data: bytes) -> tuple[str, bytes]:
        """Verdict and blurred preview of an image, b"" where there is none (D5): see `previews.blurred_preview`."""
        if len(data) > MAX_BYTES:
            return TOO_LARGE, b""
        head, parts = self._ask(data, side=SIDE, frames=1, preview="blurred")
        return str(head.get("verdict", FAILED)), parts[0] if parts else b""

    def small(self, data: bytes, *, side: int, formats: Sequence[str], pixels: int, seconds: int) -> tuple[str, bytes]:
        """Verdict and WebP of the first frame, at most `side` pixels a side, of a whole image in one of `formats`.

        b"" where there is none: `too_large` with more than so many `pixels`, `too_slow` beyond so many `seconds`.
        """
        if len(data) > MAX_BYTES:
            return TOO_LARGE, b""
        asked: dict[str, Any] = {"formats": formats, "pixels": pixels, "seconds": seconds}
        head, parts = self._ask(data, side=side, frames=1, preview="small", **asked)
        return str(head.get("verdict", FAILED)), parts[0] if parts else b""

    def close(self) -> None:
        """Ends the children that are free; the decoder can be used again."""
        for _ in range(self.children):
            if child := self._free.get():
                child.close()
            self._free.put(None)

    def _ask(self, data: bytes, **wanted: Any) -> tuple[dict[str, Any], list[bytes]]:
        child = self._free.get()
        try:
            child = child or Child()
            answer = child.ask(data, **wanted)
        except Broken as broken:
            child = None
            return {"verdict": broken.verdict}, []
        finally:
            if child and child.served >= LIFE:
                child.close()
                child = None
            self._free.put(child)
        return answer


@cache
def decoder() -> Decoder:
    """The decoder of this process."""
    return Decoder()


def _sizes(head: dict[str, Any], *, most: int, largest: int) -> list[int]:
    """How long the parts of an answer are. Raises ValueError, KeyError or TypeError for what our child never says."""
    sizes = [int(size) for size in head["sizes"]]
    if len(sizes) > most or any(not 0 <= size <= largest for size in sizes):
        raise ValueError(sizes)
    return sizes


def _decoded(head: dict[str, Any], parts: list[bytes]) -> Decoded:
    """Checked, because it comes from a process that read a stranger's bytes."""
    verdict = head["verdict"]
    if verdict not in (OK, TRUNCATED, TOO_LARGE, TOO_SLOW, BROKEN, NO_IMAGE, FAILED):
        raise ValueError(verdict)
    frames = tuple(
        Frame(int(index), np.frombuffer(part, np.uint8).reshape(int(height), int(width), 3))
        for (index, width, height), part in zip(head.get("frames", ()), parts, strict=True)
    )
    return Decoded(
        verdict,
        str(head.get("format", ""))[:10],
        int(head.get("width", 0)),
        int(head.get("height", 0)),
        frames,
        head.get("whole") is True,
    )
