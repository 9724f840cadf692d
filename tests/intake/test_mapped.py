"""Another city's file comes in as its mapping says, and every row left out has its reason."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.intake.conftest import Import, contents, counts
from tests.intake.innames import ground
from tests.intake.mapped_scenes import WORKS, Rows, record, told, write

__all__ = ["told", "write"]  # fixtures


@pytest.mark.parametrize("name", ["works.geojson", "works.geojson.gz"])
def test_a_record_becomes_works_as_the_mapping_says(
    take_in: Import, rows: Rows, write: Any, told: str, name: str
) -> None:
    assert counts(take_in("works", write(record(), name=name), mapping=told)) == {"read": 1, "created": 1}
    assert rows(
        "SELECT source, source_id, title, certainty, source_status, utilities, during::text, opens_surface FROM works w "
        "JOIN phases p ON p.works_id = w.id"
    ) == [
        (
            "elsewhere",
            "1",
            "Rue Haute",
            "confirmed",
            "Autorisé",
            ["eau", "gaz"],
            "[2026-10-01,2026-10-11)",
            True,
        )
    ]


@pytest.mark.parametrize(
    ("bad", "code", "field"),
    [
        (record(None), "id_missing", "id"),
        (record("x" * 501), "too_long", "id"),
        (record(2, Nature="Constat"), "finding", "Nature"),
        (record(2, Maître=" "), "owner_missing", "owner"),
        (record(2, Début="00000000000000.000"), "date_missing", "starts_on"),
        (record(2, Début="31/02/2026"), "date_invalid", "starts_on"),
        (record(2, Fin="01/01/3000"), "end_open", "ends_on"),
        (record(2, Fin="30/09/2026"), "ends_before_start", "ends_on"),
        ({**record(2), "geometry": None}, "geometry_missing", "geometry"),
        (record(1, x=50), "duplicate_id", "id"),
        ({"type": "Feature"}, "not_a_record", None),
        (7, "not_a_record", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_row_left_out_has_its_reason(
    take_in: Import, rows: Rows, write: Any, told: str, bad: Any, code: str, field: str | None
) -> None:
    report = take_in("works", write(record(), bad, record(3, x=100)), mapping=told)
    assert counts(report) == {"read": 3, "created": 2, "rejected": 1}
    assert [(one.row, one.code, one.field) for one in report.rejections] == [(2, code, field)]
    assert rows("SELECT row, code, field FROM import_rejections") == [(2, code, field)]


def test_a_second_name_of_a_property_is_used_when_the_first_is_empty(
    take_in: Import, rows: Rows, write: Any, told: str
) -> None:
    take_in("works", write(record(Maître="", Autre="Sibelga")), mapping=told)
    assert rows("SELECT name FROM organisations") == ["Sibelga"]


def test_what_the_mapping_does_not_read_stays_outside(
    take_in: Import, city: sa.Engine, write: Any, told: str
) -> None:
    take_in(
        "works",
        write(record(Titre="Rue Haute, bellen naar 0470/12.34.56"), record(2, Statut="Perdu")),
        mapping=told,
    )
    everything = "\n".join(contents(city).values())
    assert "Rue Haute" in everything
    assert "Peeters" not in everything
    assert "12.34.56" not in everything


@pytest.mark.parametrize(
    ("given", "working_days"),
    [
        ("10 Jours Ouvrables", 10),
        ("1 Jour Ouvrable", 1),
        ("0 Jour Ouvrable", None),
        ("10 Semaines", None),
        ("99999 Jours Ouvrables", None),
        ("", None),
    ],
)
def test_how_long_works_take_within_their_window_is_read_where_it_is_said(
    take_in: Import, rows: Rows, write: Any, told: str, given: str, working_days: int | None
) -> None:
    field = "working_days = { from = [\"Durée\"], pattern = '^(\\d+) Jours? Ouvrables?$' }"
    Path(told).write_text(WORKS.replace("[dates]", f"{field}\n[dates]"), encoding="utf-8")
    assert counts(take_in("works", write(record(Durée=given)), mapping=told)) == {"read": 1, "created": 1}
    assert rows("SELECT working_days FROM works") == [working_days]


def test_a_changed_mapping_reads_unchanged_records_again(take_in: Import, write: Any, told: str) -> None:
    path = write(record(), record(2, x=50))
    take_in("works", path, mapping=told)
    assert counts(take_in("works", path, mapping=told)) == {"read": 2, "unchanged": 2}
    Path(told).write_text(
        WORKS.replace('"Autorisé" = "confirmed"', '"Autorisé" = "planned"'), encoding="utf-8"
    )
    assert counts(take_in("works", path, mapping=told)) == {"read": 2, "changed": 2}


def test_what_the_next_file_no_longer_holds_has_vanished(take_in: Import, write: Any, told: str) -> None:
    take_in("works", write(record(), record(2, x=50)), mapping=told)
    assert counts(take_in("works", write(record(2, x=50)), mapping=told)) == {
        "read": 1,
        "unchanged": 1,
        "vanished": 1,
    }


def test_text_that_postgres_cannot_hold_is_cleaned(
    take_in: Import, rows: Rows, write: Any, told: str
) -> None:
    take_in("works", write(record(Titre="Rue\0 Haute \ud800")), mapping=told)
    assert rows("SELECT title FROM works") == ["Rue Haute ?"]


def test_repairs_come_in_as_repairs(take_in: Import, rows: Rows, write: Any, tmp_path: Path) -> None:
    told = tmp_path / "repairs.toml"
    told.write_text(
        'about = "t"\nsource = "stoep"\ntarget = "repairs"\n[fields]\nid = { from = ["Nr"] }\nowner = { from = ["Maître"] }\n'
        'description = { from = ["Titre"] }\nstarts_on = { from = ["Début"] }\nends_on = { from = ["Fin"] }\n'
        '[dates]\nformats = ["%d/%m/%Y", "%d-%m-%Y"]\n[repair]\nscope = "section"\n',
        encoding="utf-8",
    )
    plain = record(2, x=50, Début="", Fin="")
    path = write(record(), plain)
    assert counts(take_in("repairs", path, mapping=str(told))) == {"read": 2, "created": 2}
    assert rows("SELECT source_id, status, planned::text, description FROM repairs ORDER BY source_id") == [
        ("1", "scheduled", "[2026-10-01,2026-10-11)", "Rue Haute"),
        ("2", "requested", None, "Rue Haute"),
    ]
    assert counts(take_in("repairs", path, mapping=str(told))) == {"read": 2, "unchanged": 2}


def test_works_that_come_after_a_repair_open_a_conflict_with_it(
    take_in: Import, rows: Rows, write: Any, told: str, tmp_path: Path
) -> None:
    repairs = tmp_path / "repairs.toml"
    repairs.write_text(
        'about = "t"\nsource = "stoep"\ntarget = "repairs"\n[fields]\nid = { from = ["Nr"] }\nowner = { from = ["Maître"] }\n',
        encoding="utf-8",
    )
    take_in("repairs", write(record(), name="repairs.geojson"), mapping=str(repairs))
    report = take_in("works", write(record()), mapping=told)
    assert report.conflicts_opened > 0
    assert "wasted_repair" in rows("SELECT rule_id FROM conflicts")


def test_the_mapping_of_an_import_stays_on_record_without_the_path_to_it(
    take_in: Import, rows: Rows, write: Any, told: str
) -> None:
    take_in("works", write(record(1)), mapping=told)
    take_in("works", write(record(1)), mapping=told, accept_shrink=True)
    name = Path(told).name
    assert rows("SELECT mapping, accept_shrink FROM imports ORDER BY id") == [(name, False), (name, True)]


def test_two_imports_of_one_source_wait_for_each_other(take_in: Import, write: Any, told: str) -> None:
    path = write(*(record(n, x=n) for n in range(50)))
    reports: list[Any] = []
    threads = [
        threading.Thread(target=lambda: reports.append(take_in("works", path, mapping=told)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one.created, one.unchanged) for one in reports) == [(0, 50), (0, 50), (50, 0)]


def test_json_lines_are_read_line_by_line(take_in: Import, tmp_path: Path) -> None:
    told = tmp_path / "lines.toml"
    told.write_text(
        WORKS.replace(
            'target = "works"',
            'target = "works"\nform = "lines"\nproperties = ""\ngeometry = "place.geometry"',
        ),
        encoding="utf-8",
    )
    good = {**record()["properties"], "place": {"geometry": ground()}}
    path = tmp_path / "works.jsonl"
    path.write_text(f"{json.dumps(good)}\n\n{{cut off\n{json.dumps({**good, 'Nr': 2})}\n", encoding="utf-8")
    report = take_in("works", path, mapping=str(told))
    assert counts(report) == {"read": 3, "created": 2, "rejected": 1}
    assert [(one.row, one.code) for one in report.rejections] == [(2, "not_json")]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-01T23:30:00+02:00", "2026-10-01"),
        ("2026-10-01T22:30:00+00:00", "2026-10-02"),
        ("2026-10-01T22:30:00Z", "2026-10-02"),
        ("2026-10-01T00:30:00+05:00", "2026-09-30"),
    ],
)
def test_an_instant_with_an_offset_is_the_day_of_the_city(
    take_in: Import, write: Callable[..., Path], told: str, rows: Rows, written: str, day: str
) -> None:
    take_in("works", str(write(record(Début=written, Fin="20/10/2026"))), mapping=told)
    assert rows("SELECT CAST(lower(during) AS text) FROM phases") == [day]
