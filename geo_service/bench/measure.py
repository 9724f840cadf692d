"""Measure two ways to do one thing, by turns, on one machine: only their ratio says something about the code."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from geo_service.domain.errors import GeoServiceError

NANO = 1e-9

Run = Callable[[int], object]
"""Does the thing once; it is told which turn this is, the warm-up being the last."""


class MeasurementFailed(GeoServiceError):
    """What was measured is not what was meant: a wrong answer, or other pairs than the peer's."""

    def __init__(self, words: str) -> None:
        super().__init__("measurement_failed", words=words)


@dataclass(frozen=True)
class Cost:
    """Medians of what one run takes: seconds on the clock, seconds of CPU in this process and in those that work for it."""

    wall_s: float
    cpu_s: float
    all_wall_s: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The wall seconds that this share of the runs kept within."""
        return sorted(self.all_wall_s)[min(len(self.all_wall_s) - 1, int(share * len(self.all_wall_s)))]

    def for_each(self, things: int) -> Cost:
        """What one of the `things` cost that each run did together."""
        walls = tuple(wall / things for wall in self.all_wall_s)
        return Cost(self.wall_s / things, self.cpu_s / things, walls)


@dataclass(frozen=True)
class Comparison:
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
    """Wall and CPU of this process and of the others that work for it: PostgreSQL backends, a server.

    `reaper` is the PostgreSQL server itself: parallel workers are gone when their statement ends, and their CPU is in its account of
    children that ended (a hundredth of a second is the smallest that it sees; on a private server little else ends meanwhile).
    """

    def __init__(self, *others: int, reaper: int | None = None) -> None:
        self.others = others
        self.reaper = reaper

    def now(self) -> tuple[float, float]:
        served = sum(_cpu_of(pid) for pid in self.others)
        reaped = _cpu_of_children(self.reaper) if self.reaper else 0
        return time.perf_counter(), time.process_time() + served + reaped

    def cost(self, run: Run, times: int = 5) -> Cost:
        """What `run` takes, after one run to warm up."""
        self._once(run, times)
        return _cost([self._once(run, turn) for turn in range(times)])

    def compare(self, ours: Run, peer: Run, times: int = 5) -> Comparison:
        """Both, by turns and each first in half of them, after one run each to warm up."""
        mine, theirs = self.compare_all((ours, peer), times)
        return Comparison(mine, theirs)

    def compare_all(self, runs: tuple[Run, ...], times: int = 5) -> list[Cost]:
        """Each of `runs`, by turns, the order turned round at every turn, after one run each to warm up."""
        for run in runs:
            self._once(run, times)
        taken: list[list[tuple[float, float]]] = [[] for _ in runs]
        for turn in range(times):
            for place in range(len(runs))[:: 1 if turn % 2 else -1]:
                taken[place].append(self._once(runs[place], turn))
        return [_cost(each) for each in taken]

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


def _cpu_of_children(pid: int) -> float:
    """Seconds of the children of a process that have ended (proc(5): cutime and cstime, behind the name in brackets)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
