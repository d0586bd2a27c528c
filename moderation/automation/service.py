"""The scorer as a service of its own: models are loaded once, and each step of a batch has its thread (H1).

    fetch (database, tokens)  ->  device (only computes)  ->  save (database)

The thread of the device neither waits for the database nor for tokens while something is ready. What is fetched is
under a lease that a fourth thread renews: killed at any moment it loses nothing but time. Asked to stop, it gives back
what it did not begin, and saves what it did.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue

from django.db import DatabaseError, InterfaceError, connection

from foundation.work import put_back
from moderation.automation.batches import (
    Batch,
    Ready,
    RetiredMeanwhile,
    claim,
    compute,
    gives_up,
    prepare,
    ready_ones,
    save_computed,
)
from moderation.scoring import leases
from moderation.scoring.declared import BadEntry
from moderation.scoring.drawing import draw
from moderation.scoring.models import Classifier

logger = logging.getLogger(__name__)
BATCH = 256
# Characters in one pass: on a processor small ones cost nothing and keep all threads busy, a GPU wants to be filled.
PIECE_OF_CPU, PIECE_OF_GPU = 40_000, 400_000
AHEAD = 3  # batches that wait for the device, and for being saved
IDLE = 0.2  # seconds between two looks for work; a report is scored within two seconds
CONFIGURED = 2.0  # seconds between two looks at the configuration
PAUSE = 2.0  # seconds after the database failed
HUNG = 300.0  # seconds after which what is read or computed of one batch never ends
BROKEN_DEVICE = "CUDA error"  # what torch says once a GPU answers nothing any more; being out of memory is another


class Service:
    """One scorer. `run` works until `stop`, which any thread or signal handler may call."""

    def __init__(self) -> None:
        self.saved = 0
        self.failed = False  # it did not end because somebody asked it to
        self._stopping, self._over = threading.Event(), threading.Event()
        self._fetched: Queue[Batch] = Queue(AHEAD)
        self._computed: Queue[Batch | None] = Queue(AHEAD)
        self._held: dict[int, Batch] = {}
        self._lock = threading.Lock()
        self._saving = threading.Thread()
        self._rows: list[Classifier] = []
        self._begun: dict[int, float] = {}  # since when each thread is inside a classifier
        self._room = threading.Event()  # the device took a batch
        self._stale = threading.Event()  # the configuration is another than the one that was read

    def stop(self) -> None:
        """Begin no further batch, and end when what was begun is saved."""
        self._stopping.set()

    def run(self, on_ready: Callable[[], object] = lambda: None) -> int:
        """Score until stopped; returns how many requests. `on_ready` is called once the models are loaded."""
        self._look()
        connection.close()  # the device's thread needs none
        on_ready()
        fetching = threading.Thread(target=self._guarded, args=(self._fetch,), name="fetch")
        saving = self._saving = threading.Thread(target=self._guarded, args=(self._save,), name="save")
        keeping = threading.Thread(target=self._guarded, args=(self._keep,), name="keep")
        for thread in (fetching, saving, keeping):
            thread.start()
        try:
            while not self._stopping.is_set():
                with suppress(Empty):
                    batch = self._fetched.get(timeout=IDLE)
                    self._room.set()
                    self._compute(batch)
        finally:
            self.stop()
            fetching.join()
            self._give_back()
            self._hand_on(None)
            saving.join()
            self._over.set()
            keeping.join()
        return self.saved

    def _guarded(self, work: Callable[[], None]) -> None:
        """A thread that ends for a reason nobody thought of ends the service: its supervisor starts it again."""
        try:
            work()
        except BaseException:
            logger.exception("The scorer's thread “%s” ended.", threading.current_thread().name)
            self.failed = True
            self.stop()
            raise
        finally:
            connection.close()

    # The thread "fetch".

    def _look(self) -> list[Ready]:
        try:
            ready, self._rows = ready_ones()
        except BadEntry as error:
            logger.error("Nothing is scored until the settings are mended: CLASSIFIERS: %s", error)  # noqa: TRY400
            self._rows = []
            return []
        return ready

    def _fetch(self) -> None:
        ready: list[Ready] = []
        looked = float("-inf")
        while not self._stopping.is_set():
            try:
                if time.monotonic() - looked > CONFIGURED or self._stale.is_set():
                    self._stale.clear()
                    ready, looked = self._look(), time.monotonic()
                draw(self._rows)
                self._room.clear()
                found = sum(self._fetch_for(one) for one in ready if one.urgent)
                # While the device has enough to do, texts that come meanwhile should not wait for more than that.
                if found or self._fetched.empty():
                    found += sum(self._fetch_for(one) for one in ready if not one.urgent)
            except (DatabaseError, InterfaceError) as error:
                self._after(error)
                continue
            if not found:
                self._room.wait(IDLE)

    def _fetch_for(self, one: Ready) -> int:
        on_gpu = one.classifier.provenance.device.startswith("cuda")
        limit = BATCH if one.urgent else one.few
        batches = claim(one, limit, PIECE_OF_GPU if on_gpu else PIECE_OF_CPU)
        with self._lock:
            self._held.update({id(batch): batch for batch in batches})
        alone = bool(batches) and batches[0].suspect
        if alone:
            self._wait_for(lambda: len(self._held) == 1)
        for batch in batches:
            try:
                with self._watched():
                    prepare(batch)
            except Exception:  # noqa: BLE001 - found again, and told apart, where it is halved
                batch.prepared = None
            while not self._stopping.is_set():
                with suppress(Full):
                    self._fetched.put(batch, timeout=IDLE)
                    break
        if alone:
            self._wait_for(lambda: not self._held)
        return len(batches)

    def _wait_for(self, holds: Callable[[], bool]) -> None:
        while not self._stopping.is_set() and not holds():
            self._stopping.wait(0.01)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        me = threading.get_ident()
        self._begun[me] = time.monotonic()
        try:
            yield
        finally:
            self._begun.pop(me, None)

    # The thread of the device.

    def _compute(self, batch: Batch) -> None:
        """Compute `batch`, in halves where it fails: for want of memory, or for one text that cannot be read."""
        try:
            with self._watched():
                if batch.prepared is None:
                    prepare(batch)
                compute(batch)
        except Exception as error:
            if BROKEN_DEVICE in str(error):
                # Whatever comes next would fail too: a new process begins anew, and nothing is blamed.
                self.failed = True
                batch.readings = []
                raise
            if len(batch.requests) == 1:
                batch.error = error
            else:
                logger.warning("A batch of %s failed (%s); halving it.", len(batch.requests), type(error).__name__)
                for half in self._halved(batch):
                    self._compute(half)
                return
        self._hand_on(batch)

    def _hand_on(self, batch: Batch | None) -> None:
        """Have it saved; while the database is away, wait until there is room."""
        while True:
            try:
                self._computed.put(batch, timeout=IDLE)
            except Full:
                if not self._saving.is_alive():
                    return  # its lease runs out, and another scores it
            else:
                return

    def _halved(self, batch: Batch) -> list[Batch]:
        halves = batch.halves()
        with self._lock:
            self._held.pop(id(batch), None)
            self._held.update({id(half): half for half in halves})
        return halves

    # The thread "save".

    def _save(self) -> None:
        while (batch := self._computed.get()) is not None:
            self._save_one(batch)

    def _save_one(self, batch: Batch) -> None:
        try:
            while True:
                try:
                    self._save_or_halve(batch)
                except (DatabaseError, InterfaceError) as error:
                    self._after(error)
                    if self._stopping.is_set():
                        return  # its lease runs out, and another scores it
                else:
                    return
        finally:
            with self._lock:
                self._held.pop(id(batch), None)

    def _save_or_halve(self, batch: Batch) -> None:
        if batch.error is not None and not gives_up(batch, batch.error):
            put_back(batch.requests[0], batch.error)
            return
        try:
            self.saved += save_computed(batch)
        except RetiredMeanwhile:
            self._stale.set()
            leases.give_back(batch.token, [one.pk for one in batch.requests])
        except Exception as error:
            if _is_away(error):
                raise
            if len(batch.requests) > 1:
                for half in self._halved(batch):
                    self._save_one(half)
                return
            put_back(batch.requests[0], error)

    # The thread "keep", and the end.

    def _keep(self) -> None:
        while not self._over.wait(min(leases.LEASE.total_seconds() / 3, HUNG)):
            if time.monotonic() - min(list(self._begun.values()), default=float("inf")) > HUNG:
                # Nothing stops a thread from outside: what it holds runs out, and its supervisor starts a new process.
                logger.error("A classifier has not answered for %s s: the scorer ends.", HUNG)
                self.failed = True
                end_process()
                return
            with self._lock:
                held = [(batch.token, [one.pk for one in batch.requests]) for batch in self._held.values()]
            try:
                leases.renew(held)
            except (DatabaseError, InterfaceError) as error:
                self._after(error)

    def _give_back(self) -> None:
        """What was fetched and not begun, so that nobody waits for its lease."""
        with suppress(DatabaseError, InterfaceError):
            begun = {id(batch) for batch in [*self._computed.queue] if batch is not None}
            with self._lock:
                left = [batch for key, batch in self._held.items() if not batch.readings and key not in begun]
            for batch in left:
                leases.give_back(batch.token, [one.pk for one in batch.requests])
        connection.close()

    def _after(self, error: Exception) -> None:
        logger.warning("The database does not answer (%s); trying again.", type(error).__name__)
        with suppress(DatabaseError, InterfaceError):
            connection.close()
        self._stopping.wait(PAUSE)


def end_process() -> None:
    """End at once: a graceful end would wait for the thread that hangs."""
    logging.shutdown()
    os._exit(1)


def _is_away(error: Exception) -> bool:
    """Whether the connection is gone, rather than what was to be saved refused."""
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, DatabaseError) and (connection.connection is None or not connection.is_usable())
