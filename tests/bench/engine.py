"""Measure the engine against the same work done bare: `uv run python -m tests.bench.engine [--claims N] [--only NAME …]`.

The data is generated at the first run (up to ten minutes for a million claims) in a private cluster under `--home`, which stays.
Ratios are of wall seconds; on a machine that does other work too, the ratio of CPU seconds beside it is the steadier one.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo_service.cluster import Cluster
from tests.bench import importing, reading, saving, whole
from tests.bench.measure import Compared
from tests.bench.region import region

SMALL = 10_000
NAMES = ("save", "advice", "growth", "full", "import", "tile")


@dataclass(frozen=True)
class Line:
    """One target, and how ours did beside the peer."""

    what: str
    peer: str
    target: str
    measured: Compared

    def __str__(self) -> str:
        ours, peer = self.measured.ours, self.measured.peer
        return (
            f"| {self.what} | {self.peer} | {self.target} | {self.measured.ratio:.2f}× | {self.measured.cpu_ratio:.2f}× "
            f"| {_ms(ours.wall_s)} / {_ms(ours.percentile(0.99))} | {_ms(peer.wall_s)} / {_ms(peer.percentile(0.99))} |"
        )


def lines(cluster: Cluster, claims: int, only: tuple[str, ...], *, times: int, rows: int) -> Iterator[Line]:
    """The measurements named in `only`; `times` for short ones, a twentieth (at least five) for long ones."""
    url = region(cluster, claims)
    few = max(5, times // 20)
    if "save" in only:
        same, by_hand = saving.save(url, times)
        yield Line("save one repair", "INSERT + the same detection", "≤ 2.0×", same)
        yield Line("save one repair", "INSERT + SELECT by hand", "–", by_hand)
    if "advice" in only:
        yield Line("POST /advice", "the same detection", "+ 4 ms, p99 ≤ 5 × p50", reading.advice(url, times))
    if "growth" in only:
        small = region(cluster, min(SMALL, claims))
        yield Line(
            f"save one repair, {claims:,} claims",
            f"at {SMALL:,} claims",
            "≤ 2×",
            whole.growth(small, url, times),
        )
    if "full" in only:
        yield Line("full run", "joins by hand", "≤ 1.2×", whole.full_run(url, few))
    if "import" in only:
        with tempfile.TemporaryDirectory() as folder:
            imported = importing.checked_import(url, Path(folder), rows, few)
        yield Line(f"import of {rows:,} works", "COPY of ready rows", "≤ 2×", imported.copy)
        yield Line(f"import of {rows:,} works", "reading the file and COPY", "–", imported.script)
    if "tile" in only:
        yield Line("tile", "its statement", "≤ 1.3×", reading.tile(url, times))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "geo-service-bench")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--rows", type=int, default=importing.ROWS)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    asked = parser.parse_args()
    with Cluster(asked.home) as cluster:
        print(f"{asked.claims:,} claims, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
        print(
            "| What | Against | Target | Wall | CPU | Ours p50 / p99 | Peer p50 / p99 |\n| --- | --- | --- | --- | --- | --- | --- |"
        )
        for line in lines(cluster, asked.claims, tuple(asked.only), times=asked.times, rows=asked.rows):
            print(line, flush=True)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


if __name__ == "__main__":
    main()
