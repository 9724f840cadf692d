"""Records that nobody on the team wrote, counted against what their SOURCE.md says of them."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.intake.conftest import Import, contents, counts

pytestmark = pytest.mark.shared

Rows = Callable[[str], list[Any]]


@pytest.fixture
def real(shared: Path) -> Path:
    return shared / "data" / "real"


def reasons(report: Any) -> Counter[str]:
    return Counter(one.code for one in report.rejections)


def test_every_work_of_flanders_in_2017_but_the_two_without_an_end(
    take_in: Import, real: Path, rows: Rows, city: sa.Engine
) -> None:
    path = real / "gipod-v1-flanders-2017" / "works.geojson.gz"
    day = date(2017, 10, 27)
    report = take_in("works", path, mapping="gipod-v1", today=day)
    assert counts(report) == {"read": 4025, "created": 4023, "rejected": 2}
    assert [(one.id, one.code) for one in report.rejections] == [
        ("1973546", "end_open"),
        ("2672922", "end_open"),
    ]
    assert report.conflicts_opened > 1000
    assert rows("SELECT count(*) FROM phases WHERE ST_IsValid(geom)") == [4023]
    assert dict(rows("SELECT source_status, count(*) FROM works GROUP BY 1")) == {
        "In uitvoering": 2320,
        "Concreet gepland": 1703,
    }
    before = contents(city)
    assert counts(take_in("works", path, mapping="gipod-v1", today=day)) == {
        "read": 4025,
        "unchanged": 4023,
        "rejected": 2,
    }
    after = contents(city)
    assert {name for name in before if before[name] != after[name]} == {
        "imports",
        "import_rejections",
    }


def test_points_without_dates_are_all_left_out_for_that_reason(take_in: Import, real: Path) -> None:
    path = real / "gipod-v1-points-2016" / "works_2016-03-22.geojson"
    report = take_in("works", path, mapping="gipod-v1-points", today=date(2016, 3, 22))
    assert counts(report) == {"read": 50, "rejected": 50}
    assert reasons(report) == {"date_missing": 50}
    assert report.rejections.first(1)[0].id == "251765"


def test_the_oldest_gipod_sample_has_no_dates_either(take_in: Import, shared: Path) -> None:
    path = shared / "data" / "gipod" / "legacy-v1-2016.geojson"
    report = take_in("works", path, mapping="gipod-v1-points", today=date(2016, 3, 22))
    assert counts(report) == {"read": 7, "rejected": 7}
    assert reasons(report) == {"date_missing": 7}


def test_four_weeks_of_osiris_one_after_the_other(take_in: Import, real: Path, rows: Rows) -> None:
    weeks = {}
    for day in (1, 8, 15, 22):
        path = real / "osiris-schaerbeek-2025-2026" / f"works_polygons_2025-12-{day:02}.geojson.gz"
        report = take_in("works", path, mapping="osiris", today=date(2025, 12, day))
        assert set(reasons(report)) == {"finding", "subdivided"}
        weeks[day] = counts(report)
    assert weeks == {
        1: {"read": 1511, "created": 952, "rejected": 559},
        8: {"read": 1506, "created": 94, "changed": 229, "unchanged": 622, "rejected": 561, "vanished": 101},
        15: {"read": 1488, "created": 92, "changed": 153, "unchanged": 680, "rejected": 563, "vanished": 112},
        22: {
            "read": 1395,
            "created": 111,
            "changed": 129,
            "unchanged": 590,
            "rejected": 565,
            "vanished": 206,
        },
    }
    slipped = dict(
        rows("SELECT observed_on::text, count(*) FROM source_changes WHERE field = 'ends_on' GROUP BY 1")
    )
    assert slipped["2025-12-08"] == 55
    assert set(slipped) == {"2025-12-08", "2025-12-15", "2025-12-22"}


def test_the_programme_of_schaerbeek_as_works_and_its_sidewalks_as_repairs(
    take_in: Import, real: Path, rows: Rows
) -> None:
    path = real / "osiris-schaerbeek-2025-2026" / "programme_2026-01.geojson.gz"
    works = take_in("works", path, mapping="osiris-programme", today=date(2026, 1, 5))
    assert counts(works) == {"read": 474, "created": 389, "rejected": 85}
    assert reasons(works) == {"is_repair": 55, "date_missing": 30}
    repairs = take_in("repairs", path, mapping="osiris-programme-repairs", today=date(2026, 1, 5))
    assert counts(repairs) == {"read": 474, "created": 55, "rejected": 419}
    assert repairs.conflicts_opened > 450
    touched = rows("SELECT count(DISTINCT repair_id) FROM conflicts WHERE rule_id = 'wasted_repair'")
    assert touched[0] > 40


def test_gipod_samples_come_in(take_in: Import, shared: Path, rows: Rows, tmp_path: Path) -> None:
    samples = shared / "data" / "gipod"
    report = take_in("gipod", samples / "ogc-inname-punt-2026-09-28.json", today=date(2026, 9, 28))
    assert counts(report) == {"read": 5, "created": 5}
    assert rows("SELECT source_id, count(*) FROM works w JOIN phases p ON p.works_id = w.id GROUP BY 1 ORDER BY 1") == [
        ("12350257", 3), ("12351519", 2),
    ]  # fmt: skip
    trench = json.loads((samples / "ogc-inname-polygon-19268266.json").read_text())
    derived = json.loads((samples / "ogc-inname-derived-antwerp-2026-10-08.json").read_text())
    page = {
        "type": "FeatureCollection",
        "features": [as_inname(one, trench["geometry"]) for one in derived["works"]],
    }
    saved = tmp_path / "page.json"
    saved.write_text(json.dumps(page))
    read = take_in("gipod", saved, today=date(2026, 10, 8))
    assert counts(read) == {"read": len(derived["works"]), "created": len(derived["works"])}
    assert rows(
        "SELECT during::text FROM phases p JOIN works w ON w.id = p.works_id WHERE source_id = '11384441'"
    ) == ["[2026-01-19,2026-11-01)"]


def as_inname(work: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    """A record of the derived file put back into GIPOD's own names."""
    properties = {
        "GipodId": work["gipodId"], "Description": work["title"], "Status": work["status"], "Start": work["start"], "End": work["end"],
        "Owner": work["owner"], "Type": "Grondwerk", "PublicDomainOccupancyTypes": ";".join(work["occupancyTypes"]),
    }  # fmt: skip
    return {
        "type": "Feature",
        "id": f"INNAME.{work['gipodId']}-1",
        "geometry": geometry,
        "properties": properties,
    }
