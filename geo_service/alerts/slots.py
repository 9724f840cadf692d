"""Limits on concurrent deliveries per receiver, subscription and partner, so that a slow one does not delay the others."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

WAIT_S = 1.0
"""The longest wait for a slot of a fast receiver (s)."""
SLOW_S = 3.0
"""A receiver that takes longer (s) gets one call at a time, and then a pause of the same length."""
SOON_S = 2.0


class NoFreeSlot(Exception):
    """No slot is free; try again in `wait_s` seconds. It counts as no attempt."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"its turn comes in {wait_s:.0f} s")
        self.wait_s = wait_s


@dataclass(eq=False)
class Slots:
    """The slots of one worker, for all of its threads."""

    _in_use: Counter[str] = field(default_factory=Counter)
    _rests: dict[str, float] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def hold(self, most: Mapping[str, int]) -> Iterator[None]:
        """Hold a slot of each of these names, with its number of slots. Raises NoFreeSlot."""
        with self._changed:
            self._wait(most)
            self._in_use.update(most.keys())
        began = time.monotonic()
        try:
            yield
        finally:
            self._give_back(most, time.monotonic() - began)

    def _wait(self, most: Mapping[str, int]) -> None:
        ends = time.monotonic() + WAIT_S
        while True:
            now = time.monotonic()
            rests = max((self._rests.get(name, 0) - now for name in most), default=0)
            if rests > 0:
                raise NoFreeSlot(rests + random.uniform(0, SOON_S))  # nosec B311 # chance, never a secret
            slow = any(name in self._rests and self._in_use[name] for name in most)
            if not slow and all(self._in_use[name] < limit for name, limit in most.items()):
                return
            if slow or now >= ends:
                raise NoFreeSlot(random.uniform(SOON_S / 2, 2 * SOON_S))  # nosec B311 # chance, never a secret
            self._changed.wait(ends - now)

    def _give_back(self, most: Mapping[str, int], took: float) -> None:
        with self._changed:
            for name in most:
                self._in_use[name] -= 1
                if took > SLOW_S:
                    self._rests[name] = time.monotonic() + took
                else:
                    self._rests.pop(name, None)
            self._in_use += Counter()  # forgets those who have none
            self._changed.notify_all()
