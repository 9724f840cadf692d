"""The same works have the same days in every format."""

from pathlib import Path

import geopandas
import pandas
import pytest
from shapely import Point

from tests.intake.reading import came, simple

ZONES = ("", "UTC", "Europe/Brussels", "America/New_York")
FORMATS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "gml": "GML", "geojson": "GeoJSON", "parquet": ""}


def write(path: Path, ending: str, moments: list[tuple[str, str]], zone: str) -> Path:
    """Works of these moments, which are those of Brussels."""
    frame = geopandas.GeoDataFrame(
        {"nr": [f"A{place}" for place in range(len(moments))], "straat": "Gentsestraat"},
        geometry=[Point(3.2176, 50.9208)] * len(moments),
        crs=4326,
    )
    for name, place in (("van", 0), ("tot", 1)):
        local = pandas.Series([pandas.Timestamp(one[place]) for one in moments])
        frame[name] = local.dt.tz_localize("Europe/Brussels").dt.tz_convert(zone) if zone else local
    file = path / f"works.{ending}"
    if ending == "parquet":
        frame.to_parquet(file)
    else:
        frame.to_file(file, driver=FORMATS[ending])
    return file


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("ending", FORMATS)
def test_moments_keep_their_zone(tmp_path: Path, ending: str, zone: str) -> None:
    moments = [
        ("2027-03-01 00:00", "2027-03-10 23:59"),  # winter: UTC is a day earlier at the beginning
        ("2027-07-01 00:00", "2027-07-10 23:59"),  # summer: two hours
        ("2027-03-01 08:00", "2027-03-28 17:00"),
    ]
    assert came(write(tmp_path, ending, moments, zone)).days == [
        ("2027-03-01", "2027-03-11"),
        ("2027-07-01", "2027-07-11"),
        ("2027-03-01", "2027-03-29"),
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_period_that_ends_at_midnight_does_not_take_that_day(
    tmp_path: Path, ending: str, zone: str
) -> None:
    file = write(tmp_path, ending, [("2027-03-01 00:00", "2027-03-11 00:00")], zone)
    assert came(file, simple(tables='[dates]\nend = "instant"')).days == [("2027-03-01", "2027-03-11")]


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("utc0.geojson", ("2027-03-01", "2027-03-11")), ("utc0_fgb.fgb", ("2027-03-01", "2027-03-11")), ("utc0.gml", ("2027-03-01", "2027-03-11")),
        ("naive.gpkg", ("2027-03-01", "2027-03-11")),
    ],
)  # fmt: skip
def test_the_works_that_changed_their_days_by_format_no_longer_do(
    shared: Path, name: str, days: tuple[str, str]
) -> None:
    folder = shared / "findings" / "2026-11" / "files" / "01-zone-of-datetime-lost"
    assert set(came(folder / name, str(folder / "t-tz.toml")).days) == {days}
