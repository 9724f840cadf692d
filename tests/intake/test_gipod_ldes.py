"""GIPOD's stream of hindrances: the newest version counts, deleted ones are cancelled, real pages come in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.sources.gipod_events import CONSEQUENCES
from geo_service.intake.sources.gipod_ldes import GipodLdes
from tests.intake.conftest import Import, counts, write_json
from tests.intake.gipod_stream import BOX, DAYS, LABELLED, THURSDAYS, Rows, member, zone
from tests.intake.reading import IZEGEM, came_of
from tests.intake.test_pages import Answer, server


def test_a_hindrance_takes_room_opens_nothing_and_says_what_it_means(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    report = take_in("gipod-ldes", write_json(tmp_path / "page.json", {"items": [member()]}))

    assert counts(report) == {"read": 1, "created": 1}
    assert rows("SELECT source, source_id, kind, certainty, consequences FROM works") == [
        ("gipod-ldes", "10000001", "works", "planned", ["Geen doorgang voor voetgangers"])
    ]
    assert rows("SELECT opens_surface, ST_Area(geom) FROM phases") == [(False, 20.0)]
    assert rows(DAYS) == [("2026-10-01", "2026-10-04")]
    (kept,) = rows("SELECT raw::text FROM source_records")
    assert "Zonderling" not in kept and "12 34 56" not in kept


def test_a_list_of_one_may_be_written_as_that_one(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    """As JSON-LD does when nothing in its context says otherwise."""
    one = member()
    single = {name: one[name][0] for name in ("isConsequenceOf", "zone", "period")}
    single["zone"] |= {"consequence": single["zone"]["consequence"][0]}
    report = take_in("gipod-ldes", write_json(tmp_path / "page.json", {"items": [one | single]}))
    assert counts(report) == {"read": 1, "created": 1}
    assert rows("SELECT consequences FROM works") == [(["Geen doorgang voor voetgangers"])]


@pytest.mark.shared
def test_consequences_have_the_labels_that_the_samples_give_them(shared: Path) -> None:
    """What is named by its id alone (as in RDF) must be called what others call it by its label."""
    found: dict[str, set[str]] = {}
    for file in (shared / "data/gipod", shared / "data/real/gipod-v2-ldes-2021-2022/members"):
        for path in file.iterdir():
            text = path.read_text(encoding="utf-8") if path.suffix in (".json", ".jsonld", ".nq") else ""
            for id_, label in LABELLED.findall(text):
                found.setdefault(id_, set()).add(label)
    assert len(found) == 11
    assert {id_: {CONSEQUENCES.get(id_)} for id_ in found} == found


def test_the_newest_version_counts_whatever_the_order(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    newer = member(
        at="2026-09-02T08:00:00Z", period=[{"start": "2026-10-05T05:00:00Z", "end": "2026-10-05T15:00:00Z"}]
    )
    for name, told in (("a", [member(), newer]), ("b", [newer, member()])):
        report = take_in("gipod-ldes", write_json(tmp_path / f"{name}.json", told))
        assert report.read == 1
    assert rows(DAYS) == [("2026-10-05", "2026-10-06")]


def test_a_rejection_has_the_place_of_its_version_in_the_page(tmp_path: Path) -> None:
    """Also behind an older version, which is no row of the report."""
    newer, unusable = member(at="2026-09-02T08:00:00Z"), member(10_000_002, zone=[])
    page = write_json(tmp_path / "page.json", {"items": [newer, member(), unusable]})
    read = came_of(GipodLdes(str(page), IZEGEM))
    assert [(one.row, one.id) for one in read.rejections] == [(3, "10000002")]


def test_a_deleted_hindrance_is_cancelled(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    take_in("gipod-ldes", write_json(tmp_path / "1.json", [member()]))
    gone = member(at="2026-09-03T08:00:00Z", eventName="MobilityHindranceWasDeleted")
    report = take_in("gipod-ldes", write_json(tmp_path / "2.json", [gone]))

    assert counts(report) == {"read": 1, "changed": 1}
    assert rows("SELECT certainty FROM works") == ["cancelled"]


@pytest.mark.parametrize("way", ["deleted", "older"])
def test_what_is_stored_has_the_ground_of_an_ending_and_no_older_version_undoes_it(
    take_in: Import, rows: Rows, tmp_path: Path, way: str
) -> None:
    whole, ending = member(), {"eventName": "MobilityHindranceWasDeleted", "zone": [], "owner": None}
    cancelled = {"status": {"prefLabel": "Geannuleerd"}}
    end = member(at="2026-09-03T08:00:00Z", **(ending if way == "deleted" else cancelled))
    for name, content in (("1", whole), ("2", end)):
        take_in("gipod-ldes", write_json(tmp_path / f"{name}.json", [content]))
    assert rows("SELECT certainty, count(*) FROM works JOIN phases p ON p.works_id = works.id GROUP BY 1") == [("cancelled", 1)]  # fmt: skip
    older = member(at="2026-08-30T08:00:00Z", description="van vroeger")
    report = take_in("gipod-ldes", write_json(tmp_path / "3.json", [older]))
    assert report.remarks.older == 1
    assert rows("SELECT certainty FROM works") == ["cancelled"]


def test_a_zone_without_a_crs_is_in_lambert_72(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    named = f"<http://www.opengis.net/def/crs/EPSG/9.9.1/31370> {BOX}"
    told = [member(1), member(2, zone=[zone(named)]), member(3, zone=[zone("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (3.2 50.9)")])]  # fmt: skip

    report = take_in("gipod-ldes", write_json(tmp_path / "page.json", told))

    assert [(one.id, one.code) for one in report.rejections] == [("3", "crs_not_supported")]
    assert rows("SELECT DISTINCT ST_AsText(ST_Centroid(geom)) FROM phases") == ["POINT(68705 179101)"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"zone": []}, "zone_missing"),
        ({"period": []}, "period_missing"),
        ({"zone": [zone(None)]}, "geometry_missing"),
        ({"zone": [zone("POLYGON ((1 2")]}, "geometry_malformed"),
        ({"status": None}, "status_unknown"),
        ({"owner": None}, "owner_missing"),
        ({"generatedAtTime": None}, "date_missing"),
        ({"gipodId": None}, "id_missing"),
        ({"period": [], "timeSchedule": {**THURSDAYS, "until": None}}, "schedule_invalid"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_member_that_cannot_be_used_has_its_reason(
    take_in: Import, tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    report = take_in("gipod-ldes", write_json(tmp_path / "page.json", [member(1), member(2, **wrong)]))

    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
    assert [one.code for one in report.rejections] == [code]


def stream(pages: dict[str, list[dict[str, Any]]], seen: list[str]) -> Callable[[str, int], Answer]:
    """A stream whose pages are days; each names all the others by what lies before and after it."""

    def script(path: str, _: int) -> Answer:
        day = path.partition("day=")[2] or max(pages)
        seen.append(day)
        relations = [
            {
                "@type": f"tree:{kind}Relation",
                "tree:node": f"/ldes?day={other}",
                "tree:value": f"{value}T00:00:00.000Z",
            }
            for other in pages
            for kind, value in [
                ("GreaterThan", other) if other > day else ("LessThan", f"{other[:8]}{int(other[8:]) + 1:02}")
            ]
            if other != day
        ]
        body = {"tree:relation": relations, "items": pages[day]}
        return 200, "application/ld+json", json.dumps(body).encode()

    return script


def test_all_pages_are_read_once_and_later_only_those_with_news(take_in: Import) -> None:
    pages = {
        "2026-09-01": [member(1, at="2026-09-01T08:00:00Z")],
        "2026-09-02": [member(2, at="2026-09-02T08:00:00Z"), member(1, at="2026-09-02T09:00:00Z")],
        "2026-09-03": [member(3, at="2026-09-03T08:00:00Z")],
    }
    seen: list[str] = []
    with server(stream(pages, seen)) as (url, _):
        origin = url.partition("/collections")[0] + "/ldes"
        first = take_in("gipod-ldes", origin)
        pages["2026-09-04"] = [member(3, at="2026-09-04T08:00:00Z", status={"prefLabel": "Geannuleerd"})]
        again, before = copy.copy(seen), len(seen)
        second = take_in("gipod-ldes", origin)

    assert counts(first) == {"read": 3, "created": 3}
    # The root is the newest page, under another address.
    assert sorted(again) == ["2026-09-01", "2026-09-02", "2026-09-03", "2026-09-03"]
    assert counts(second)["changed"] == 1
    assert "2026-09-01" not in seen[before:]


@pytest.mark.parametrize("body", [b"<html>", b'{"a": 1}', b"{", b""], ids=str)
def test_what_is_no_stream_costs_one_line(take_in: Import, body: bytes) -> None:
    with (
        server(lambda _path, _asked: (200, "text/html", body)) as (url, _),
        pytest.raises(SourceUnreachable) as refused,
    ):
        take_in("gipod-ldes", url)
    assert "\n" not in str(refused.value)


@pytest.mark.shared
def test_the_members_of_the_test_stream_come_in_or_say_why_not(
    take_in: Import, rows: Rows, shared: Path
) -> None:
    report = take_in("gipod-ldes", shared / "data" / "gipod" / "ldes-beta-2022-members.json")

    assert counts(report) == {"read": 14, "created": 12, "rejected": 2}
    assert sorted(one.code for one in report.rejections) == ["zone_missing", "zone_missing"]
    assert rows("SELECT certainty, count(*) FROM works GROUP BY 1 ORDER BY 1") == [
        ("cancelled", 2), ("indicative", 6), ("planned", 4)
    ]  # fmt: skip
    assert rows(
        "SELECT count(*) FROM phases p JOIN works w ON w.id = p.works_id WHERE w.source_id = '10773887'"
    ) == [4]


@pytest.mark.shared
def test_production_hindrances_of_izegem_come_in_from_turtle(
    take_in: Import, rows: Rows, shared: Path
) -> None:
    report = take_in("gipod-ldes", shared / "data" / "gipod" / "ldes-production-2021-members.ttl")

    assert counts(report) == {"read": 11, "created": 11}
    izegem = "SELECT w.source_id, w.title, lower(p.during)::text, upper(p.during)::text, round(ST_Area(p.geom)) FROM works w JOIN phases p ON p.works_id = w.id JOIN organisations o ON o.id = w.owner_id WHERE o.name = 'Stad Izegem' AND w.title = 'Container'"
    assert rows(izegem) == [("10590399", "Container", "2021-01-07", "2021-01-11", 15.0)]


@pytest.mark.shared
def test_every_file_of_the_stream_can_be_read(take_in: Import, shared: Path) -> None:
    folder = shared / "data" / "real" / "gipod-v2-ldes-2021-2022" / "members"
    files = sorted(path for path in folder.iterdir() if path.suffix in (".nq", ".jsonld", ".ttl"))

    reports = {path.name: take_in("gipod-ldes", path, dry_run=True) for path in files}

    assert len(reports) == 20
    assert {name for name, report in reports.items() if not report.read} == set()
    assert {one.code for report in reports.values() for one in report.rejections} <= {
        "zone_missing",
        "owner_missing",
    }


@pytest.mark.shared
def test_a_whole_page_of_production_comes_in(
    take_in: Import, rows: Rows, shared: Path, tmp_path: Path
) -> None:
    import gzip

    packed = shared / "data" / "real" / "gipod-v2-ldes-2021-2022" / "members" / "250-member-fragment.ttl.gz"
    text = gzip.decompress(packed.read_bytes()).decode().replace("{{request.query.pageNumber}}", "")
    page = tmp_path / "page.ttl"
    page.write_text(text, encoding="utf-8")

    report = take_in("gipod-ldes", page)

    assert counts(report) == {"read": 250, "created": 250}
    assert rows("SELECT kind, count(*) FROM works GROUP BY 1 ORDER BY 1") == [("event", 171), ("works", 79)]
    assert rows("SELECT count(*) > 10 FROM works WHERE consequences <> '{}'") == [True]
