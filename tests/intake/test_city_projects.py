"""The city's own projects are works of the city, about a building, and keep the ground around it reachable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.intake import papers
from tests.intake.conftest import Import, counts

Rows = Callable[[str], list[Any]]
PROJECTS = [
    {"Dossier": "P1", "Project": "Nieuw zwembad", "Gebouw": "Zwembad", "Start": "2026-09-10", "Einde": "2027-06-30", "Fase": "Gegund"},
    {"Dossier": "P2", "Project": "Academie", "Gebouw": "gentsestr. 12", "Start": "01/10/2026", "Einde": "30/06/2027", "Fase": "Ontwerp"},
    {"Dossier": "P3", "Project": "Depot", "Gebouw": "Loods", "Start": "2026-10-01", "Einde": "2026-12-01", "Fase": "Gegund"},
    {"Dossier": "P4", "Project": "School", "Gebouw": "Kerkschool", "Start": "2026-10-01", "Einde": "2026-12-01", "Fase": "Gegund"},
]  # fmt: skip


@pytest.fixture
def patrimony(city: sa.Engine) -> None:
    houses = [("b1", "Zwembad", None, None, 0), ("b2", None, "Gentsestraat", "12", 100), ("b3", "Kerkschool", None, None, 200), ("b4", "Kerkschool", None, None, 300)]  # fmt: skip
    with city.begin() as conn:
        for key, name, street, number, x in houses:
            conn.execute(
                sa.text(
                    "INSERT INTO buildings (source, source_id, name, street, house_number, geom) VALUES ('test', :key, :name, :street, :number, "
                    "ST_MakeEnvelope(68700 + :x, 179100, 68720 + :x, 179110, 31370))"
                ),
                {"key": key, "name": name, "street": street, "number": number, "x": x},
            )


@pytest.mark.usefixtures("patrimony")
def test_projects_are_works_of_the_city_on_their_building(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    report = take_in("works", papers.workbook(tmp_path, PROJECTS), mapping="city-projects")
    assert counts(report) == {"read": 4, "created": 2, "rejected": 2}
    assert [(one.id, one.code) for one in report.rejections] == [
        ("P3", "building_unknown"),
        ("P4", "building_ambiguous"),
    ]
    assert rows(
        "SELECT w.source_id, w.kind, w.certainty, g.kind, b.source_id, ST_Equals(p.geom, b.geom) FROM works w JOIN phases p ON p.works_id = w.id "
        "JOIN buildings b ON b.id = w.building_id JOIN organisations o ON o.id = w.owner_id JOIN owner_groups g ON g.id = o.owner_group_id ORDER BY 1"
    ) == [
        ("P1", "building_project", "confirmed", "city", "b1", True),
        ("P2", "building_project", "indicative", "city", "b2", True),
    ]
    assert rows("SELECT count(*) FROM claims WHERE kind = 'access'") == [2]
    assert (
        counts(take_in("works", papers.workbook(tmp_path, PROJECTS), mapping="city-projects"))["unchanged"]
        == 2
    )


@pytest.mark.usefixtures("patrimony")
def test_a_utility_that_digs_in_front_of_the_building_site_is_told(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    take_in("works", papers.workbook(tmp_path, PROJECTS), mapping="city-projects")
    trench = tmp_path / "trench.toml"
    trench.write_text(
        papers.MAPPING.replace("status_default", 'crs = 31370\nplace = { wkt = "Vorm" }\nstatus_default'),
        encoding="utf-8",
    )
    ditch = "POLYGON((68700 179098.5, 68720 179098.5, 68720 179099.5, 68700 179099.5, 68700 179098.5))"
    take_in("works", papers.csv_file(tmp_path, [{**papers.ROWS[0], "Vorm": ditch}]), mapping=str(trench))
    assert rows(
        "SELECT DISTINCT rule_id FROM conflicts WHERE status = 'open' AND rule_id = 'access_blocked'"
    ) == ["access_blocked"]


@pytest.mark.usefixtures("patrimony")
def test_the_link_stays_when_a_later_record_does_not_name_the_building(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    lines = [
        {**row, "Vorm": papers.ground(place).wkt, "Gebouw": "Zwembad"}
        for place, row in enumerate(papers.ROWS)
    ]
    linked = tmp_path / "linked.toml"
    place = papers.MAPPING.replace("status_default", 'crs = 31370\nplace = { wkt = "Vorm" }\nstatus_default')
    linked.write_text(
        place.replace("[fields]", '[fields]\nbuilding = { from = ["Gebouw"] }'), encoding="utf-8"
    )
    take_in("works", papers.csv_file(tmp_path, lines), mapping=str(linked))
    assert rows("SELECT count(building_id) FROM works") == [3]
    linked.write_text(place, encoding="utf-8")
    assert counts(take_in("works", papers.csv_file(tmp_path, lines), mapping=str(linked)))["unchanged"] == 3
    assert rows("SELECT count(building_id) FROM works") == [3]
    lines = [{**row, "Tot": "2026-10-12"} for row in lines]
    assert counts(take_in("works", papers.csv_file(tmp_path, lines), mapping=str(linked)))["changed"] == 3
    assert rows("SELECT count(building_id) FROM works") == [3]


def test_road_works_of_the_city_come_from_qgis(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    records = [
        {
            "dossier": "W1",
            "straat": "Gentsestraat",
            "start": "2026-10-01",
            "einde": "2026-11-30",
            "fase": "Gegund",
        }
    ]
    papers.frame(rows=records).to_file(tmp_path / "wegenwerken.gpkg", driver="GPKG")
    assert counts(take_in("works", tmp_path / "wegenwerken.gpkg", mapping="city-road-works")) == {
        "read": 1,
        "created": 1,
    }
    assert rows("SELECT w.kind, p.opens_surface, g.id FROM works w JOIN phases p ON p.works_id = w.id JOIN organisations o ON o.id = w.owner_id JOIN owner_groups g ON g.id = o.owner_group_id") == [("groundworks", True, "city")]  # fmt: skip
