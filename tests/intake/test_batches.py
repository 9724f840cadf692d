"""An import is many small turns: each with its own day, and none that others wait long for, not even in a dry run."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.intake.pipeline import store
from geo_service.store import locks
from tests.intake.conftest import TODAY, Import, contents, counts, write_json
from tests.intake.innames import inname

Rows = Callable[[str], list[Any]]

YESTERDAY = date(2026, 8, 31)
LOCK = sa.text("SELECT pg_try_advisory_xact_lock(:key)")


@pytest.fixture(autouse=True)
def _one_works_in_each_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_GROUPS", "LEAST_GROUPS", "MOST_GROUPS"):
        monkeypatch.setattr(store, name, 1)


def page(folder: Path, *features: Any) -> Path:
    """A file with these works."""
    return write_json(folder / "page.json", {"type": "FeatureCollection", "features": list(features)})


def test_each_batch_is_stored_under_the_day_on_which_it_came(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    done = {"Status": "Uitgevoerd", "end": "2026-12-31T15:00:00Z", "start": "2026-08-01T05:00:00Z"}
    file = page(tmp_path, *(inname(n, x=50 * n, **done) for n in range(1, 4)))
    took: Iterator[date] = iter([YESTERDAY, YESTERDAY, TODAY, TODAY])
    report = take_in("gipod", file, today=lambda: next(took, TODAY))
    assert counts(report) == {"read": 3, "created": 3}
    assert rows("SELECT finished_on FROM works ORDER BY source_id") == [YESTERDAY, TODAY, TODAY]


def test_a_dry_run_gives_the_lock_back_after_each_batch_and_leaves_nothing(
    take_in: Import, city: sa.Engine, tmp_path: Path
) -> None:
    take_in("gipod", page(tmp_path, *(inname(n, x=50 * n) for n in range(1, 5))))
    before = contents(city)
    file = page(
        tmp_path,
        inname(1, x=50, Description="anders"),
        inname(2, x=100),
        inname(9, x=3),
        inname(8, Owner=" "),
    )
    free = []

    def heard(done: int, _total: int | None) -> None:
        with city.begin() as conn:
            free.append((done, conn.scalar(LOCK, {"key": locks.CLAIMS_WRITER})))

    tried = take_in("gipod", file, dry_run=True, progress=heard)
    assert counts(tried) == {
        "read": 4,
        "created": 1,
        "changed": 1,
        "unchanged": 1,
        "rejected": 1,
    }
    assert {done for done, _ in free} >= {1, 2, 3, 4}
    assert all(is_free for _, is_free in free)
    assert contents(city) == before
    assert counts(take_in("gipod", file)) == counts(tried)
