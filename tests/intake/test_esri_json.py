"""What ArcGIS answers: its own JSON, days in milliseconds, and whether it stopped at its limit."""

from pathlib import Path
from typing import Any

import pytest

from tests.intake.conftest import write_json
from tests.intake.reading import POINT, came, collection, feature, simple

STARTS, ENDS = 1803859200000, 1804636800000
"""1 and 10 March 2027, midnight in UTC."""


def answer(**members: Any) -> dict[str, Any]:
    ring = [[69_053, 179_569], [69_053, 179_579], [69_063, 179_579], [69_063, 179_569], [69_053, 179_569]]
    rows = [
        {"attributes": {"nr": f"V{place}", "straat": "Gentsestraat", "van": STARTS, "tot": ENDS}, "geometry": {"rings": [ring]}}
        for place in (1, 2)
    ]  # fmt: skip
    return {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 31370}, "features": rows, **members}  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [{}, {"fields": [{"name": name, "type": kind} for name, kind in (("nr", "esriFieldTypeString"), ("straat", "esriFieldTypeString"), ("van", "esriFieldTypeDate"), ("tot", "esriFieldTypeDate"))]}],
)  # fmt: skip
@pytest.mark.parametrize("name", ["esri.json", "esri.geojson"])
def test_esri_json_is_read(tmp_path: Path, fields: dict[str, Any], name: str) -> None:
    found = came(write_json(tmp_path / name, answer(**fields)))
    assert found.days == [("2027-03-01", "2027-03-11")] * 2
    assert [round(one.phases[0].geometry.area) for one in found.works] == [100, 100]


def test_esri_json_that_reached_its_limit_does_not_sweep(tmp_path: Path) -> None:
    whole = simple().replace("full = false", "full = true")
    assert came(write_json(tmp_path / "a.json", answer()), whole).full
    found = came(write_json(tmp_path / "b.json", answer(exceededTransferLimit=True)), whole)
    assert (len(found.works), found.full) == (2, False)


def test_a_mapping_that_takes_it_for_geojson_is_told(tmp_path: Path) -> None:
    found = came(write_json(tmp_path / "a.json", answer()), simple('form = "features"'))
    assert [one.code for one in found.rejections] == ["esri_json"] * 2


@pytest.mark.parametrize(
    ("starts", "ends", "formats"),
    [
        (STARTS, ENDS, '["iso"]'), (float(STARTS), float(ENDS), '["iso"]'), (str(STARTS), str(ENDS), '["iso"]'), (STARTS, ENDS, '["epoch_ms"]'),
        (STARTS // 1000, ENDS // 1000, '["epoch_s"]'),
    ],
)  # fmt: skip
def test_milliseconds_since_1970_are_days(tmp_path: Path, starts: Any, ends: Any, formats: str) -> None:
    file = write_json(tmp_path / "a.geojson", collection(feature(POINT, van=starts, tot=ends)))
    assert came(file, simple(tables=f"[dates]\nformats = {formats}")).days == [("2027-03-01", "2027-03-11")]


def test_the_files_of_the_finding_are_read(shared: Path) -> None:
    folder = shared / "findings" / "2026-11" / "files" / "14-epoch-and-esri-json"
    for name in ("epoch.geojson", "esri.json"):
        assert came(folder / name, str(folder / "t-desk.toml")).days == [("2027-03-01", "2027-03-11")]
