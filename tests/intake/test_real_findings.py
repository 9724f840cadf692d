"""Small cut-outs of real records on which the advice was wrong once: a junction taken for a street, works that end "tomorrow" for ever,
a reference that names the layer."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from shapely.geometry import shape

from geo_service import db, settings
from geo_service.coordination import day_change, sequencing
from geo_service.domain.advice import Advice
from geo_service.intake.importer import run_import
from geo_service.store import locks
from tests.intake.conftest import Import
from tests.intake.real_sets import AROUND_PARIS

pytestmark = pytest.mark.shared

Rows = Callable[[str], list[Any]]

FILES = Path("findings/2026-11/files")
PROGRAMME_DAY = date(2026, 1, 5)
OVERRUN = "real-overrun-waits-until-tomorrow-for-ever"
READ_ON, LATER = (
    date(2023, 11, 1),
    date(2024, 2, 26),
)  # while both sites run, and ten weeks after the later of them should be over

REPORTS = """
about = "test: Dans ma rue, Paris"
source = "dans-ma-rue"
target = "repairs"
crs = 4326
[place]
x = "lon"
y = "lat"
[constants]
owner = "Ville de Paris"
[fields]
id = { from = ["id_dmr"] }
description = { from = ["soustype"] }
reported_at = { from = ["datedecl"] }
[repair]
category = "subsidence"
scope = "section"
urgency = "normal"
"""


def renewals(city: sa.Engine, today: date) -> dict[str, Advice]:
    """The advice on every repair, its order in full, by the number of its source."""
    with city.connect() as conn:
        numbers = {
            row.id: row.source_id for row in conn.execute(sa.text("SELECT id, source_id FROM repairs"))
        }
        return {numbers[key]: one for key, one in sequencing.of_repairs(conn, list(numbers), today).items()}


@pytest.fixture
def programme(take_in: Import, city: sa.Engine, shared: Path) -> dict[str, Advice]:
    """Four renewals, and works of the programme that meet them on a junction or in their own street."""
    file = shared / FILES / "real-crossing-counts-as-street" / "programme.geojson"
    take_in("works", file, mapping="osiris-programme", today=PROGRAMME_DAY)
    take_in("repairs", file, mapping="osiris-programme-repairs", today=PROGRAMME_DAY)
    return renewals(city, PROGRAMME_DAY)


@pytest.mark.parametrize(
    ("renewal", "met"),
    [
        (
            "CH_0025",
            {"CH_0095": "crossing", "CH_0099": "crossing", "CH_0103": "crossing", "CH_0046": "crossing"},
        ),
        ("CH_0022", {"CH_0046": "crossing", "CH_0021": "after"}),  # the square at its end; its own lamp posts
        ("CH_0081", {"CH_0046": "crossing", "CH_0021": "after"}),
        ("CH_0214", {"CH_0180": "crossing"}),
    ],
)
def test_works_of_another_street_move_the_junction_and_not_the_renewal(
    programme: dict[str, Advice], renewal: str, met: dict[str, str]
) -> None:
    advice = programme[renewal]
    order = advice.order
    assert {step.works.source_id: step.role for step in (*order.first, *order.later)} == met
    assert (order.first, order.moves, order.waits) == ((), False, False)
    assert (advice.verdict, advice.until, advice.blocked) == ("repair", None, False)


@pytest.fixture
def reports(shared: Path, tmp_path: Path) -> Path:
    """The reports of the cut-out, which lie some metres beside the two sites, and one more in the middle of each."""
    folder = shared / FILES / OVERRUN
    with (folder / "reports.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    sites = json.loads((folder / "works.geojson").read_text(encoding="utf-8"))["features"]
    for site in sites:
        inside = shape(site["geometry"]).representative_point()
        number = f"in {site['properties']['num_emprise']}"
        known.append({**known[0], "id_dmr": number, "lon": str(inside.x), "lat": str(inside.y)})
    path = tmp_path / "reports.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(known[0]))
        writer.writeheader()
        writer.writerows(known)
    return path


def test_works_long_past_their_end_are_a_question_that_stays_the_same_from_day_to_day(
    city: sa.Engine, reports: Path, shared: Path, tmp_path: Path
) -> None:
    """Paris shows only works that are open, and was not read again: what it last showed runs for ever."""
    mapping = tmp_path / "reports.toml"
    mapping.write_text(REPORTS, encoding="utf-8")
    paris = settings.load(region_bbox=AROUND_PARIS)
    works = str(shared / FILES / OVERRUN / "works.geojson")
    run_import(city, paris, "works", works, mapping="paris-works", today=READ_ON)
    run_import(city, paris, "repairs", str(reports), mapping=str(mapping), today=READ_ON)
    met = ("G2024A006520", "A2024B068252", "in EC344400", "in EC361240")
    running = renewals(city, READ_ON)
    assert [running[number].verdict for number in met] == ["combine"] * 4  # the city digs there itself
    assert all(running[number].until for number in met)
    for day in (LATER + timedelta(days=n) for n in range(4)):
        with db.write(city) as conn:
            locks.claims_writer(conn)
            day_change.begin(conn, day)
        late = renewals(city, day)
        assert [(late[number].verdict, late[number].until) for number in met] == [
            ("coordinate", None),  # in the edge of the trench, as near as it is known
            ("coordinate", None),
            ("recover", None),  # in the trench: whoever opened it answers for it, open or closed
            ("recover", None),
        ], day
        assert {one.verdict for number, one in late.items() if number not in met} == {"repair"}


def test_a_reference_names_the_layer(take_in: Import, rows: Rows, shared: Path) -> None:
    file = shared / FILES / "real-reference-names-the-layer" / "works.geojson"
    take_in("works", file, mapping="osiris", today=date(2026, 2, 23))
    assert rows("SELECT source_id, layer FROM works ORDER BY 1") == [("374048", "sewer"), ("486832", "sewer")]
