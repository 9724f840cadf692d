"""Measure two ways to do one thing, by turns, on one machine: only their ratio says something about the code."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

NANO = 1e-9

Run = Callable[[int], object]
"""Does the thing once; it is told which turn this is, the warm-up being the last."""


@dataclass(frozen=True)
class Cost:
    """Medians of what one run takes: seconds on the clock, seconds of CPU in this process and in the database."""

    wall_s: float
    cpu_s: float
    all_wall_s: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The wall seconds that this share of the runs kept within."""
        return sorted(self.all_wall_s)[min(len(self.all_wall_s) - 1, int(share * len(self.all_wall_s)))]


@dataclass(frozen=True)
class Compared:
    """Ours and the peer's, measured by turns."""

    ours: Cost
    peer: Cost

    @property
    def ratio(self) -> float:
        return self.ours.wall_s / self.peer.wall_s

    @property
    def cpu_ratio(self) -> float:
        return self.ours.cpu_s / self.peer.cpu_s


class Clock:
    """Wall and CPU of this process and of the others that work for it: PostgreSQL backends, a server."""

    def __init__(self, *others: int) -> None:
        self.others = others

    def now(self) -> tuple[float, float]:
        served = sum(_cpu_of(pid) for pid in self.others)
        return time.perf_counter(), time.process_time() + served

    def cost(self, run: Run, times: int = 5) -> Cost:
        """What `run` takes, after one run to warm up."""
        self._once(run, times)
        return _cost([self._once(run, turn) for turn in range(times)])

    def compare(self, ours: Run, peer: Run, times: int = 5) -> Compared:
        """Both, by turns and each first in half of them, after one run each to warm up."""
        self._once(ours, times), self._once(peer, times)
        mine, theirs = [], []
        for turn in range(times):
            for run, runs in ((ours, mine), (peer, theirs))[:: 1 if turn % 2 else -1]:
                runs.append(self._once(run, turn))
        return Compared(_cost(mine), _cost(theirs))

    def _once(self, run: Run, turn: int) -> tuple[float, float]:
        before = self.now()
        run(turn)
        after = self.now()
        return after[0] - before[0], after[1] - before[1]


def _cost(runs: list[tuple[float, float]]) -> Cost:
    walls = tuple(wall for wall, _ in runs)
    return Cost(median(walls), median(cpu for _, cpu in runs), walls)


def _cpu_of(pid: int) -> float:
    """Seconds that the threads of a process were on a CPU (Linux keeps them to the nanosecond)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) * NANO
