"""An import of the ground says how far it is, stops when it is told to, goes on without loss, and is heard of as a feed is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import sqlalchemy as sa
from shapely import box

from geo_service import settings
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import jobs
from geo_service.intake.importer import Interrupted, Report, run_import
from geo_service.store import imports, locks
from geo_service.store.tables import feeds
from tests.intake.conftest import TODAY, Import, counts
from tests.intake.ground_scenes import MAPS, SECTIONS, Rows, X, Y
from tests.intake.test_ground import grb

IMPORTS = "SELECT source, status, (report ->> 'created')::int, (report ->> 'rejected')::int FROM imports ORDER BY id"


@pytest.fixture
def survey(tmp_path: Path) -> tuple[Path, Path]:
    """Six footpaths, each in a square of its own, and one that is there twice; with its mapping."""
    drawn = [box(X + 600 * n, Y, X + 600 * n + 80, Y + 2) for n in range(6)]
    frame = geopandas.GeoDataFrame(
        {"id": [*"abcdef", "a"], "materiaal": "klinkers"}, geometry=[*drawn, drawn[0]], crs=31370
    )
    frame.to_file(tmp_path / "survey.gpkg", driver="GPKG")
    mapping = tmp_path / "survey.toml"
    mapping.write_text(
        f'about = "t"\nsource = "survey"\ntarget = "pavements"\n{MAPS["pavements"]}\n', encoding="utf-8"
    )
    return tmp_path / "survey.gpkg", mapping


def test_told_to_stop_between_two_squares_it_waits_and_goes_on_as_if_nothing_had_happened(
    city: sa.Engine, rows: Rows, take_in: Import, survey: tuple[Path, Path]
) -> None:
    file, mapping = survey
    with city.begin() as conn:
        queued = imports.queue(conn, imports.ImportRequest("pavements", file.name, mapping=str(mapping)))
    heard: list[tuple[int, int | None]] = []

    def run(stopping: Callable[[], bool]) -> Report:
        how: dict[str, Any] = {"mapping": str(mapping), "today": TODAY, "import_id": queued, "progress": lambda *one: heard.append(one)}  # fmt: skip
        return run_import(city, settings.load(), "pavements", str(file), stopping=stopping, **how)

    with pytest.raises(Interrupted):
        run(lambda: rows("SELECT count(*) FROM pavement_sections")[0] >= 2)
    assert rows("SELECT status, report FROM imports") == [("queued", None)]
    assert rows("SELECT progress FROM imports") == [
        {
            "read": 7,
            "done": 2,
            "total": 7,
            "created": 6,
            "changed": 0,
            "vanished": 0,
            "renumbered": 0,
            "conflicts_opened": 0,
        }
    ]
    left = rows("SELECT count(*) FROM base_tiles")[0]
    assert left > 0

    report = run(lambda: False)
    assert counts(report) == {"read": 7, "created": 6, "rejected": 1}
    assert rows(IMPORTS) == [("survey", "done", 6, 1)]
    assert heard[-1] == (left, left)
    assert rows("SELECT count(*) FROM base_tiles") == [0]
    assert len(rows(SECTIONS)) == 6
    assert counts(take_in("pavements", file, mapping=str(mapping))) == {
        "read": 7,
        "unchanged": 6,
        "rejected": 1,
    }


def test_a_delivery_that_was_asked_for_is_told_of_as_a_whole(
    city: sa.Engine, rows: Rows, tmp_path: Path
) -> None:
    with city.begin() as conn:
        queued = jobs.queue_import(conn, imports.ImportRequest("grb", "grb.zip"), "grb")
    file = grb(tmp_path)
    config = settings.load(home=tmp_path)
    folder = jobs.upload_folder(config, queued)
    folder.mkdir(parents=True)
    file.rename(folder / file.name)

    def at_the_second_layer() -> bool:
        return bool(rows("SELECT count(*) FROM imports")[0] > 2)

    with pytest.raises(Interrupted):
        jobs.run(city, config, queued, "grb", None, today=TODAY, stopping=at_the_second_layer)
    assert rows("SELECT status FROM imports WHERE source = 'grb'") == ["queued"]

    jobs.run(city, config, queued, "grb", None, today=TODAY)

    with city.connect() as conn:
        asked = imports.get(conn, queued)
        left_out = imports.rejected(conn, queued)
    assert (asked["status"], asked["report"]["read"], asked["report"]["created"]) == ("done", 14, 13)
    assert [(one["row"], one["code"]) for one in left_out] == [(12, "kind_unknown")]
    assert left_out[0]["message"].startswith("grb-wgo, row 2: ")
    assert {one[0] for one in rows(IMPORTS) if one[1] == "done"} == {
        "grb", "grb-gbg", "grb-wbn", "grb-wgo", "wegenregister",
    }  # fmt: skip


def test_a_map_that_comes_in_again_is_told_to_go_on(
    city: sa.Engine, rows: Rows, take_in: Import, survey: tuple[Path, Path]
) -> None:
    with city.begin() as conn:
        conn.execute(sa.insert(feeds).values(source="survey", stopped_told_at=sa.func.now()))
    file, mapping = survey
    take_in("pavements", file, mapping=str(mapping))
    assert rows("SELECT type, data ->> 'source' FROM alerts") == [("feed.resumed", "survey")]


def test_a_map_that_cannot_be_read_leaves_the_old_one_and_says_why(
    rows: Rows, take_in: Import, survey: tuple[Path, Path]
) -> None:
    file, mapping = survey
    take_in("pavements", file, mapping=str(mapping))
    before = rows(SECTIONS)
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(SourceUnreachable):
        take_in("pavements", file, mapping=str(mapping))
    assert rows(SECTIONS) == before
    assert rows("SELECT status, report ->> 'error' FROM imports ORDER BY id") == [
        ("done", None),
        ("failed", "source_unreachable"),
    ]


def test_a_dry_run_gives_the_lock_back_after_each_square(
    city: sa.Engine, rows: Rows, survey: tuple[Path, Path]
) -> None:
    file, mapping = survey
    waited: list[bool] = []

    def a_writer_comes() -> bool:
        with city.connect() as conn:
            waited.append(not conn.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(locks.CLAIMS_WRITER))))
        return False

    how: dict[str, Any] = {"mapping": str(mapping), "today": TODAY, "stopping": a_writer_comes}
    report = run_import(city, settings.load(), "pavements", str(file), dry_run=True, **how)

    assert counts(report) == {"read": 7, "created": 6, "rejected": 1}
    assert len(waited) > 6 and not any(waited)
    assert rows("SELECT (SELECT count(*) FROM base_shapes) + (SELECT count(*) FROM base_tiles)") == [0]
