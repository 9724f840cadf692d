"""GIPOD comes in as it is told: occurrences become phases, instants become days, contact persons stay outside."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from geo_service.demo.peer import Peer, running
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.intake.sources.gipod_values import period_of
from tests.intake.conftest import Import, contents, counts
from tests.intake.innames import ground, inname

BRUSSELS = ZoneInfo("Europe/Brussels")

Rows = Callable[[str], list[Any]]


@pytest.fixture
def gipod() -> Iterator[Peer]:
    """A GIPOD on this machine whose features a test replaces."""
    with running([]) as peer:
        yield peer


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-12-06T23:01:00Z", "2026-12-15T22:59:00Z", ("2026-12-07", "2026-12-16")),
        ("2026-09-02T22:01:00Z", "2026-11-05T22:59:00Z", ("2026-09-03", "2026-11-06")),
        ("2026-01-18T23:00:00Z", "2026-10-31T23:00:00Z", ("2026-01-19", "2026-11-01")),
        ("2026-10-25T23:00:00Z", "2027-06-25T22:00:00Z", ("2026-10-26", "2027-06-26")),
        ("2026-10-26T07:00:00Z", "2026-10-26T16:00:00Z", ("2026-10-26", "2026-10-27")),
        ("2026-10-26T07:00:00Z", "2026-10-26T07:00:00Z", ("2026-10-26", "2026-10-27")),
        ("2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z", ("2026-10-26", "2026-10-27")),
        ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", ("2026-03-29", "2026-03-30")),
    ],
    ids=["23:59 in winter", "over the clock change", "midnight to midnight", "midnight in summer", "one day", "no length",
         "no length at midnight", "the day that has 23 hours"],
)  # fmt: skip
def test_instants_become_the_days_they_touch_in_brussels(start: str, end: str, days: tuple[str, str]) -> None:
    expected = Period(date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    assert period_of(instant(start), instant(end), BRUSSELS) == expected


def test_an_end_before_the_start_is_no_period() -> None:
    with pytest.raises(InvalidInput, match=r"ends .* before it starts"):
        period_of(instant("2026-10-26T07:00:00Z"), instant("2026-10-25T07:00:00Z"), BRUSSELS)


def test_an_occurrence_becomes_works_with_one_phase(gipod: Peer, take_in: Import, rows: Rows) -> None:
    gipod.features = [inname(20_717_586)]
    assert counts(take_in("gipod", gipod.url)) == {"read": 1, "created": 1}
    [stored] = rows(
        "SELECT w.source, w.source_id, o.name, o.owner_group_id, w.title, w.kind, w.category, w.utilities, w.specification, w.certainty, "
        "w.source_status, p.source_key, p.during::text, p.opens_surface FROM works w JOIN organisations o ON o.id = w.owner_id "
        "JOIN phases p ON p.works_id = w.id"
    )
    assert stored == (
        "gipod", "20717586", "Proximus Area 2.1", "proximus", "8870 Izegem, Melkmarkt", "groundworks", "Categorie 3", ["Telecom"],
        ["distributienet", "klantaansluiting"], "planned", "Concreet gepland", "INNAME.20717586-2610010500",
        "[2026-10-01,2026-10-10)", True,
    )  # fmt: skip


def test_occurrences_of_one_dossier_are_one_works(gipod: Peer, take_in: Import, rows: Rows) -> None:
    market = [
        inname(1, f"2026-10-{day:02}T05:00:00Z", f"2026-10-{day:02}T11:00:00Z", Type="Evenement")
        for day in (1, 8, 15)
    ]
    gipod.features = [market[0], inname(2, x=50), *market[1:]]
    assert counts(take_in("gipod", gipod.url)) == {"read": 4, "created": 4}
    assert rows(
        "SELECT source_id, count(*) FROM works w JOIN phases p ON p.works_id = w.id GROUP BY 1 ORDER BY 1"
    ) == [("1", 3), ("2", 1)]


@pytest.mark.parametrize(
    ("type_", "status", "kind", "opens", "certainty"),
    [
        ("Grondwerk", "Niet-concreet gepland", "groundworks", True, "indicative"),
        ("Grondwerk", "In uitvoering", "groundworks", True, "in_progress"),
        ("Werk", "Uitgevoerd", "works", False, "done"),
        ("Evenement", "Lopende", "event", False, "in_progress"),
        ("Evenement", "Afgelopen", "event", False, "done"),
        ("Grondwerk", "Niet uitgevoerd", "groundworks", True, "cancelled"),
    ],
)
def test_type_and_status_are_put_into_our_words(
    gipod: Peer, take_in: Import, rows: Rows, type_: str, status: str, kind: str, opens: bool, certainty: str
) -> None:
    gipod.features = [inname(Type=type_, Status=status)]
    take_in("gipod", gipod.url)
    assert rows("SELECT kind, opens_surface, certainty FROM works w JOIN phases p ON p.works_id = w.id") == [
        (kind, opens, certainty)
    ]


@pytest.mark.parametrize(
    ("feature", "code", "field"),
    [
        (inname(2, Status=None), "status_unknown", "Status"),
        (inname(2, Type=None, Uri=None), "type_unknown", "Type"),
        (inname(2, Owner=" "), "owner_missing", "owner"),
        (inname(2, Owner="x" * 501), "too_long", "owner"),
        (inname(2) | {"id": "x" * 501}, "too_long", "id"),
        (inname(2, "vrijdag"), "date_invalid", "Start"),
        (inname(2, Start=None), "date_missing", "Start"),
        (inname(2, End=None), "date_missing", "End"),
        (inname(2, end="2026-09-01T05:00:00Z"), "ends_before_start", "End"),
        (inname(2, GipodId=None), "id_missing", "id"),
        (inname(2, shape={"type": "Point", "coordinates": [50.9, 3.2]}), "geometry_axes_swapped", "geometry"),
        (inname(2, shape={"type": "Point", "coordinates": [68_700, 179_100]}), "geometry_outside_region", "geometry"),
        (inname(2, shape={}), "geometry_missing", "geometry"),
        ({"type": "Feature", "id": "x", "geometry": ground()}, "not_a_feature", None),
        ("INNAME", "not_a_feature", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_record_that_cannot_be_used_is_named_with_its_row_and_reason(
    take_in: Import, rows: Rows, tmp_path: Path, feature: Any, code: str, field: str | None
) -> None:
    page = tmp_path / "page.json"
    page.write_text(
        json.dumps({"type": "FeatureCollection", "features": [inname(1), feature, inname(3, x=50)]})
    )
    report = take_in("gipod", page)
    assert counts(report) == {"read": 3, "created": 2, "rejected": 1}
    [rejection] = report.rejections
    assert (rejection.row, rejection.code, rejection.field) == (2, code, field)
    assert rows("SELECT row, code, field, message FROM import_rejections") == [
        (2, code, field, rejection.message)
    ]


def test_no_contact_person_is_anywhere_in_the_database(gipod: Peer, take_in: Import, city: sa.Engine) -> None:
    gipod.features = [
        inname(
            1,
            Description="Bel Jan op 0470/12.34.56 of jan.peeters@example.org",
            HindranceContactOrganisations="Jan Peeters",
        ),
        inname(2, x=50, Status=None),
    ]
    take_in("gipod", gipod.url)
    everything = "\n".join(contents(city).values())
    assert "Bel Jan op" in everything
    for personal in ("Peeters", "example.org", "12 34 56", "12.34.56", "ContactOrganisations"):
        assert personal not in everything


def test_the_same_feed_again_changes_nothing(gipod: Peer, take_in: Import, city: sa.Engine) -> None:
    gipod.features = [
        inname(1),
        inname(2, x=10, Owner="Fluvius"),
        inname(2, "2026-11-01T05:00:00Z", "2026-11-03T05:00:00Z", x=10),
    ]
    assert take_in("gipod", gipod.url).conflicts_opened > 0
    before = contents(city)
    again = take_in("gipod", gipod.url)
    assert counts(again) == {"read": 3, "unchanged": 3}
    assert again.conflicts_opened == 0
    after = contents(city)
    assert {name for name in before if before[name] != after[name]} == {"imports"}


def test_a_slipped_dossier_keeps_its_phase_though_its_feature_id_changes(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    gipod.features = [inname(1), inname(2, x=50)]
    take_in("gipod", gipod.url)
    [old] = rows("SELECT p.id FROM phases p JOIN works w ON w.id = p.works_id WHERE w.source_id = '1'")
    gipod.features = [inname(1, "2027-02-01T06:00:00Z", "2027-02-09T16:00:00Z"), inname(2, x=50)]
    report = take_in("gipod", gipod.url, today=date(2026, 9, 8))
    assert counts(report) == {"read": 2, "changed": 1, "unchanged": 1}
    assert rows("SELECT p.id FROM phases p JOIN works w ON w.id = p.works_id WHERE w.source_id = '1'") == [
        old
    ]
    assert rows("SELECT field, old_value, new_value, observed_on::text FROM source_changes ORDER BY id") == [
        ("starts_on", "2026-10-01", "2027-02-01", "2026-09-08"),
        ("ends_on", "2026-10-10", "2027-02-10", "2026-09-08"),
    ]


def test_a_dry_run_reports_the_same_and_stores_nothing(gipod: Peer, take_in: Import, city: sa.Engine) -> None:
    gipod.features = [inname(1), inname(2, x=10, Owner="Fluvius"), inname(3, Status=None)]
    before = contents(city)
    tried = take_in("gipod", gipod.url, dry_run=True).as_json()
    assert contents(city) == before
    real = take_in("gipod", gipod.url).as_json()
    assert {**tried, "seconds": 0} == {**real, "seconds": 0}
    assert real["conflicts_opened"] == 1


def test_progress_is_told_up_to_the_end(gipod: Peer, take_in: Import) -> None:
    gipod.features = [inname(n, x=n) for n in range(1, 6)]
    told: list[tuple[int, int | None]] = []
    take_in("gipod", gipod.url, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
