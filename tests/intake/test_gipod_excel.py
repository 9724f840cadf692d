"""GIPOD's Excel export: points, which hold nothing unless their address agrees, and never beside the zone of the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
import sqlalchemy as sa

from geo_service.domain.addresses import house_in
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.sources.gipod_excel import COLUMNS
from geo_service.store import listing
from geo_service.store.tables import buildings
from tests.intake.conftest import Import, counts, write_json
from tests.intake.innames import inname
from tests.intake.test_pages import page, server

Rows = Callable[[str], list[Any]]
WORKS = "SELECT source_id, certainty, source_status, kind FROM works WHERE source = 'gipod' ORDER BY 1"
AT = "POINT (68700 179100)"


def row(id_: int = 20_000_001, **more: Any) -> dict[str, Any]:
    return {
        "Id": id_,
        "Referentie": "PX-1",
        "Status": "Concreet gepland",
        "Start": datetime(2026, 10, 1, 7),
        "Einde": datetime(2026, 10, 9, 17),
        "Categorie": "Categorie 3",
        "Beschrijving": "8870 Izegem, Melkmarkt 12 - Plaatsen leidingen - 5m, bel 0470 12 34 56",
        "Locatie": AT,
        "Beheerder": "Proximus Area 2.1",
        "Soort": "Telecom",
        "Type": "Grondwerk",
        "VGW uitgestuurd": "Nee",
    } | more


def book(
    folder: Path, *rows: dict[str, Any], sheet: str = "resultaten", columns: tuple[str, ...] = COLUMNS
) -> Path:
    made = openpyxl.Workbook()
    made.active.title = sheet
    made.active.append(columns)
    for one in rows:
        made.active.append([one.get(name) for name in columns])
    path = folder / "export.xlsx"
    made.save(path)
    return path


@pytest.fixture
def house(city: sa.Engine) -> None:
    """Melkmarkt 12, 8 m from the point."""
    ground = listing.geometry_param(shapely.box(68_705, 179_105, 68_711, 179_112))
    address = {"source": "t", "source_id": "1", "street": "Melkmarkt", "house_number": "12"}
    with city.begin() as conn:
        conn.execute(sa.insert(buildings).values(**address, geom=ground))


def test_a_point_without_an_address_of_ours_is_indicative(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    report = take_in("gipod-excel", book(tmp_path, row()))

    assert counts(report) == {"read": 1, "created": 1}
    assert rows(WORKS) == [("20000001", "indicative", "Concreet gepland", "groundworks")]
    assert rows("SELECT lower(during)::text, upper(during)::text, ST_AsText(geom) FROM phases") == [
        ("2026-10-01", "2026-10-10", "POINT(68700 179100)")
    ]
    (kept,) = rows("SELECT raw::text FROM source_records")
    assert "12 34 56" not in kept


@pytest.mark.usefixtures("house")
def test_a_point_at_the_house_of_its_address_is_as_sure_as_its_status(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    far = row(2, Locatie="POINT (68760 179100)")
    elsewhere = row(3, Beschrijving="8870 Izegem, Melkmarkt 14")
    vague = row(4, Status="Niet-concreet gepland")
    report = take_in("gipod-excel", book(tmp_path, row(1), far, elsewhere, vague))

    assert counts(report) == {"read": 4, "created": 4}
    assert [certainty for _, certainty, _, _ in rows(WORKS)] == [
        "planned",
        "indicative",
        "indicative",
        "indicative",
    ]


def test_when_our_houses_come_in_the_same_file_is_read_again(
    take_in: Import, rows: Rows, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = book(tmp_path, row(1))
    take_in("gipod-excel", path)
    assert counts(take_in("gipod-excel", path)) == {"read": 1, "unchanged": 1}

    request.getfixturevalue("house")

    assert counts(take_in("gipod-excel", path)) == {"read": 1, "changed": 1}
    assert rows(WORKS)[0][1] == "planned"


def test_a_number_is_one_works_whoever_tells_it_first(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    path = book(tmp_path, row(1), row(2))
    feed = {"type": "FeatureCollection", "features": [inname(2), inname(3, x=50)]}
    take_in("gipod-excel", path)
    known = rows("SELECT w.id, p.id FROM works w JOIN phases p ON p.works_id = w.id WHERE source_id = '2'")

    report = take_in("gipod", write_json(tmp_path / "feed.json", feed))

    assert counts(report) == {"read": 2, "created": 1, "changed": 1}
    assert known == rows(
        "SELECT w.id, p.id FROM works w JOIN phases p ON p.works_id = w.id WHERE source_id = '2'"
    )
    assert rows("SELECT ST_GeometryType(geom) FROM phases ORDER BY 1") == [
        "ST_Point", "ST_Polygon", "ST_Polygon",
    ]  # fmt: skip

    report = take_in("gipod-excel", book(tmp_path, row(1), row(2, Status="Niet uitgevoerd"), row(3)))

    assert counts(report) == {"read": 3, "unchanged": 1, "rejected": 2}
    assert [(one.id, one.code) for one in report.rejections] == [("2", "in_the_feed"), ("3", "in_the_feed")]
    assert rows(WORKS) == [
        ("1", "indicative", "Concreet gepland", "groundworks"),
        ("2", "planned", "Concreet gepland", "groundworks"),
        ("3", "planned", "Concreet gepland", "groundworks"),
    ]


def test_an_export_is_no_part_of_what_the_feed_may_lose(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    """Twenty points of an export neither vanish with a sweep of the feed nor make its losses look small."""
    take_in("gipod-excel", book(tmp_path, *(row(100 + n) for n in range(20))))
    with server(lambda *_: page(*(inname(n, x=20 * n) for n in range(1, 11)))) as (url, _):
        take_in("gipod", url)
    with server(lambda *_: page(*(inname(n, x=20 * n) for n in range(1, 6)))) as (url, _):
        report = take_in("gipod", url)
    assert (report.vanished, report.withheld) == (0, 5)
    assert rows("SELECT count(*) FROM works WHERE vanished_at IS NOT NULL") == [0]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"Status": None}, "status_unknown"),
        ({"Type": None, "Soort": None}, "type_unknown"),
        ({"Start": "morgen"}, "date_invalid"),
        ({"Einde": None}, "date_missing"),
        ({"Einde": datetime(2026, 9, 1)}, "ends_before_start"),
        ({"Locatie": "Melkmarkt"}, "geometry_malformed"),
        ({"Locatie": "POINT (3.2 50.9)"}, "geometry_outside_region"),
        ({"Beheerder": None}, "owner_missing"),
        ({"Id": None}, "id_missing"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_used_has_its_reason(
    take_in: Import, tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    report = take_in("gipod-excel", book(tmp_path, row(1), row(2, **wrong)))

    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
    assert [one.code for one in report.rejections] == [code]


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ({"Start": "01/10/2026", "Einde": "09/10/2026"}, ("2026-10-01", "2026-10-10")),
        ({"Start": "01/10/2026 07:00", "Einde": "09/10/2026 17:00"}, ("2026-10-01", "2026-10-10")),
        ({"Start": datetime(2026, 10, 1), "Einde": datetime(2026, 10, 9)}, ("2026-10-01", "2026-10-10")),
        ({"Soort": "Grondwerk", "Type": "Telecom"}, ("2026-10-01", "2026-10-10")),
    ],
    ids=str,
)
def test_days_and_kinds_are_read_as_the_page_writes_them(
    take_in: Import, rows: Rows, tmp_path: Path, more: dict[str, Any], days: tuple[str, str]
) -> None:
    take_in("gipod-excel", book(tmp_path, row(1, **more)))

    assert rows("SELECT lower(during)::text, upper(during)::text FROM phases") == [days]
    assert rows("SELECT kind, utilities FROM works") == [("groundworks", ["Telecom"])]


def test_another_workbook_is_told_so(take_in: Import, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no column Locatie"):
        take_in(
            "gipod-excel",
            book(tmp_path, row(1), columns=tuple(name for name in COLUMNS if name != "Locatie")),
        )
    (tmp_path / "page.xlsx").write_text("<html>", encoding="utf-8")
    with pytest.raises(SourceUnreachable):
        take_in("gipod-excel", tmp_path / "page.xlsx")


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("8870 Izegem, Melkmarkt 12 - Plaatsen leidingen", ("Melkmarkt", "12")),
        ("2018 ANTWERPEN, KORTE LEEMSTRAAT 33 (gas)", ("KORTE LEEMSTRAAT", "33")),
        ("Aalscholverlaan 14 A", ("Aalscholverlaan", "14A")),
        ("Teststraat 12, 8870 Izegem", ("Teststraat", "12")),
        ("Plaatsen leidingen - 12m", None),
        ("FRANKRIJKLEI Klantaansluiting (lengte: 59m)", None),
        ("Melkmarkt", None),
        ("De Keyserlei - 9 - werken aan nutsleiding - 66m.", ("De Keyserlei", "9")),
    ],
)
def test_a_house_is_found_in_a_text_and_a_length_is_no_house(
    text: str, house: tuple[str, str] | None
) -> None:
    assert house_in(text) == house
