"""The measurements of the engine by name, each a few lines: ours beside a peer that does the same work.

On a machine that does other work too, the ratio of CPU seconds is steadier than that of wall seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo_service.bench import changing, crowd, day_change, full_run, importing, reading, saving
from geo_service.bench.measure import Comparison, Cost
from geo_service.bench.region import region
from geo_service.cluster import Cluster

SMALL = 10_000
CLAIMS_OF_A_STREET = 13
"""As `city.sql` makes them: a city with fewer is empty, and nothing can be compared with it."""
HEADER = ("What", "Against", "Target", "Wall", "CPU", "Ours p50 / p99", "Peer p50 / p99")
CHANGES = (10, 100, 1_000, 10_000)


@dataclass(frozen=True)
class Extent:
    """How much to measure: about `claims` claims, `times` runs of what is short, `rows` of an import, `cities` in one database."""

    claims: int = 1_000_000
    times: int = 100
    rows: int = importing.ROWS
    cities: int = 300

    @property
    def few(self) -> int:
        """Runs of what takes long."""
        return max(5, self.times // 20)

    @property
    def most_cities(self) -> int:
        """The number of cities that have a street each."""
        return self.claims // CLAIMS_OF_A_STREET


@dataclass(frozen=True)
class Line:
    """How ours did beside the peer, and the target (empty: none was set). Where nothing was measured, `missing` says why."""

    what: str
    peer: str
    target: str
    measured: Comparison | None
    missing: str | None = None

    def cells(self) -> list[str]:
        """As a row below HEADER."""
        heading = [self.what, self.peer, self.target or "–"]
        if self.measured is None:
            return [*heading, self.missing or "", "", "", ""]
        ours, peer = self.measured.ours, self.measured.peer
        ratios = [f"{self.measured.ratio:.2f}×", f"{self.measured.cpu_ratio:.2f}×"]
        return [
            *heading,
            *ratios,
            *(f"{_ms(one.wall_s)} / {_ms(one.percentile(0.99))}" for one in (ours, peer)),
        ]

    def as_json(self) -> dict[str, Any]:
        """Seconds and ratios; `ours` and `peer_cost` hold medians and the 99th percentile."""
        heading: dict[str, Any] = {"what": self.what, "peer": self.peer, "target": self.target or None}
        if self.measured is None:
            return {**heading, "missing": self.missing}
        return {
            **heading,
            "wall_ratio": round(self.measured.ratio, 3),
            "cpu_ratio": round(self.measured.cpu_ratio, 3),
            "ours": _cost(self.measured.ours),
            "peer_cost": _cost(self.measured.peer),
        }


def _save(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    same, by_hand = saving.save(region(cluster, extent.claims), extent.times)
    yield Line("save one repair", "INSERT + the same detection", "≤ 2.0×", same)
    yield Line("save one repair", "INSERT + SELECT by hand", "", by_hand)


def _advice(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    measured = reading.advice(region(cluster, extent.claims), extent.times)
    yield Line("POST /advice", "the same detection", "+ 4 ms, p99 ≤ 5 × p50", measured)


def _growth(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    small, large = (region(cluster, claims) for claims in (min(SMALL, extent.claims), extent.claims))
    measured = full_run.growth(small, large, extent.times)
    yield Line(f"save one repair, {extent.claims:,} claims", f"at {SMALL:,} claims", "≤ 2×", measured)


def _crowd(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    measured = crowd.crowd(cluster, min(SMALL, extent.claims), extent.few)
    yield Line(f"save a repair on {crowd.MANY} works", f"on {crowd.FEW} works", "≤ 100×", measured)


def _full(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    url = region(cluster, extent.claims)
    with tempfile.TemporaryDirectory() as folder:
        measured = full_run.full_run(url, cluster.status().pid, Path(folder), extent.few)
    yield Line("full run", "joins by hand", "≤ 1.2×", measured.by_hand)
    yield Line("full run", "GeoPandas from the same database", "≤ 0.5×", measured.by_geopandas)
    yield Line("full run", "SedonaDB from GeoParquet", "≤ 2×", measured.by_sedonadb, measured.missing)


def _changes(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    url = region(cluster, extent.claims)
    counts = tuple(count for count in CHANGES if count <= extent.claims // 20)
    for count, measured in changing.put_off(url, counts, extent.times, extent.few):
        target = "≤ 0.2×" if count == max(CHANGES) else ""
        yield Line(f"one of {count:,} works that change together", "one that changes alone", target, measured)


def _what_if(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    same, by_hand = changing.what_if(region(cluster, extent.claims), extent.times)
    yield Line("what if", "the same detection", "", same)
    yield Line("what if", "SELECT by hand", "", by_hand)


def _night(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    yield Line(
        "a new day", "a full run for it", "", day_change.night(region(cluster, extent.claims), extent.few)
    )


def _import(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    url = region(cluster, extent.claims)
    with tempfile.TemporaryDirectory() as folder:
        costs = importing.checked_import(url, cluster.status().pid, Path(folder), extent.rows, extent.few)
    what = f"import of {extent.rows:,} works"
    lacking = None if costs.ogr2ogr else "ogr2ogr is not installed: apt install gdal-bin"
    yield Line(what, "COPY of ready rows into one table", "≤ 2×", costs.copy)
    yield Line(what, "COPY of all it stores into the same tables", "", costs.tables)
    yield Line(what, "that COPY + digs, claims and pairs asked bare", "", costs.bare)
    yield Line(what, "reading the file and COPY", "", costs.script)
    yield Line(what, "ogr2ogr into an empty table", "≤ 1×", costs.ogr2ogr, lacking)
    yield Line(
        "the pavement under them, one SELECT", "ogr2ogr into an empty table", "", costs.pavement, lacking
    )
    yield Line("the same file again", "the first time", "", costs.again)


def _tile(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    measured = reading.tile(region(cluster, extent.claims), extent.times)
    yield Line("tile", "its statement", "≤ 1.3×", measured)


def _cities(cluster: Cluster, extent: Extent) -> Iterator[Line]:
    one, many = region(cluster, extent.claims // extent.cities), region(cluster, extent.claims, extent.cities)
    advice, tile = reading.growth(one, many, extent.times)
    measured = (
        ("save one repair", full_run.growth(one, many, extent.times)),
        ("POST /advice", advice),
        ("tile", tile),
        ("a new day", day_change.growth(one, many, extent.few)),
    )
    for what, compared in measured:
        yield Line(f"{what}, {extent.cities} cities", "one of them alone", "", compared)


MEASUREMENTS: tuple[tuple[str, Callable[[Cluster, Extent], Iterator[Line]]], ...] = (
    ("save", _save),
    ("advice", _advice),
    ("growth", _growth),
    ("crowd", _crowd),
    ("full", _full),
    ("changes", _changes),
    ("what-if", _what_if),
    ("night", _night),
    ("import", _import),
    ("tile", _tile),
    ("cities", _cities),
)
NAMES = tuple(name for name, _ in MEASUREMENTS)


def lines(cluster: Cluster, extent: Extent, only: Sequence[str] = NAMES) -> Iterator[Line]:
    """What the measurements named in `only` found, one by one. MeasurementFailed when ours and a peer do not find the same."""
    for name, measure in MEASUREMENTS:
        if name in only:
            yield from measure(cluster, extent)


def _cost(cost: Cost) -> dict[str, float]:
    return {
        "wall_s": round(cost.wall_s, 6),
        "p99_wall_s": round(cost.percentile(0.99), 6),
        "cpu_s": round(cost.cpu_s, 6),
    }


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
