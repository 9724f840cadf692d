"""Every set of real records comes in with a source or a mapping of the project: as many rows as its source counts, and a reason for each other one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import settings
from geo_service.domain.errors import InvalidInput
from geo_service.intake import registry
from geo_service.intake.base_maps import delivery as ground
from geo_service.intake.importer import run_import
from geo_service.intake.pipeline.check import check_source
from geo_service.intake.pipeline.report import Report
from tests.intake.conftest import TODAY, Import, counts
from tests.intake.real_sets import SETS, RealSet

WORLD = (-180.0, -85.0, 180.0, 85.0)
PAGE = Path(__file__).parents[2] / "docs" / "real-data.md"
real = pytest.mark.shared


def named(one: RealSet) -> str:
    return f"{one.name} as {one.source}"


def bookkeeping(report: Report) -> tuple[int, int, Counter[str]]:
    return report.read, report.created, Counter(one.code for one in report.rejections)


@real
@pytest.mark.parametrize("one", [one for one in SETS if one.within is None], ids=named)
def test_every_row_of_a_set_is_read_or_has_its_reason(shared: Path, one: RealSet) -> None:
    world, path = settings.load(region_bbox=WORLD), str(shared / one.path)
    if one.source in ground.NAMES:
        report = ground.check_base_maps(
            one.source, ground.open_base_maps(one.source, path, one.mapping, world)
        )
    else:
        report = check_source(registry.open_source(one.source, path, one.mapping, world))
    assert bookkeeping(report) == (one.read, one.stored, Counter(one.left_out))


@real
@pytest.mark.parametrize("one", [one for one in SETS if one.within is not None], ids=named)
def test_every_row_of_a_set_is_stored_or_has_its_reason(
    city: sa.Engine, rows: Callable[[str], list[Any]], shared: Path, one: RealSet
) -> None:
    around = settings.load(region_bbox=one.within)
    report = run_import(city, around, one.source, str(shared / one.path), mapping=one.mapping, today=TODAY)
    assert bookkeeping(report) == (one.read, one.stored, Counter(one.left_out))
    tables = ("source_records", "buildings", "base_shapes")
    assert sum(rows(f"SELECT count(*) FROM {name}")[0] for name in tables) == one.stored


@real
@pytest.mark.parametrize("one", [one for one in SETS if one.says is not None], ids=named)
def test_the_counts_are_those_of_the_source(shared: Path, one: RealSet) -> None:
    folder = (shared / one.path).parent
    folder = folder.parent if folder.name == "members" else folder
    said = next(folder / name for name in ("SOURCE.md", "README.md") if (folder / name).is_file())
    assert one.says is not None and one.says in said.read_text(encoding="utf-8")


@pytest.mark.parametrize("one", SETS, ids=named)
def test_the_page_shows_every_set_as_it_comes_in(one: RealSet) -> None:
    assert one.row() in PAGE.read_text(encoding="utf-8")


def test_every_mapping_of_the_project_is_tried_on_real_records() -> None:
    """But those for files that nobody could give us, which have samples of their own in the tests."""
    ours = {
        "address-register", "city-projects", "city-road-works", "grb-buildings", "grb-kerbs", "grb-roads",
        "osm-addresses", "osm-buildings", "osm-sidewalks", "osm-streets",
    }  # fmt: skip
    there = {path.stem for path in (PAGE.parents[1] / "data" / "mappings").glob("*.toml")}
    assert there == ours | {one.mapping for one in SETS if one.mapping}


@real
def test_a_city_outside_the_region_is_refused_row_by_row(take_in: Import, shared: Path) -> None:
    file = shared / "data/real/paris-works-2023-2026/disturbing_works_2023.geojson.gz"
    report = take_in("works", file, mapping="paris-disturbing")
    assert counts(report) == {"read": 52, "rejected": 52}
    assert {one.code for one in report.rejections} == {"geometry_outside_region", "owner_missing"}


def test_a_region_that_cannot_be_stored_is_refused_at_once(city: sa.Engine, tmp_path: Path) -> None:
    berlin = settings.load(region_bbox=(13.0, 52.3, 13.8, 52.7))
    with pytest.raises(InvalidInput, match=r"beyond Belgian Lambert 72.*--only-read"):
        run_import(city, berlin, "gipod", str(tmp_path / "page.json"), today=TODAY)
