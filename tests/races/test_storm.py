"""Whatever many clients do in the same second: what is stored is what a recomputation finds, and no scheduled repair ends
without the conflict it should have."""

from __future__ import annotations

import os

import sqlalchemy as sa

from geo_service import db
from tests.races.storm import Tally, storm
from tests.races.truth import problems
from tests.scenes import TODAY

TRANSACTIONS = int(os.environ.get("TRANSACTIONS", "500"))
"""More of them, as before a release: `TRANSACTIONS=20000 uv run pytest tests/races/test_storm.py`."""
WITHOUT_LOCK = 300


def _left_behind(url: str, tally: Tally) -> list[str]:
    print(f"{tally.transactions} transactions: {dict(tally.done)}")
    engine = db.create_engine_for(url)
    with engine.connect() as conn, conn.begin() as transaction:
        found = problems(conn, TODAY, tally.scheduled)
        print(
            {
                name: conn.scalar(sa.text(f"SELECT count(*) FROM {name}"))
                for name in ("claims", "conflicts", "alerts")
            }
        )
        transaction.rollback()
    engine.dispose()
    print(f"{len(found)} problems, such as {found[:2]}")
    return found


def test_eight_writers_in_hundreds_of_transactions_leave_the_truth(fresh_database: str, seed: int) -> None:
    tally = storm(fresh_database, TRANSACTIONS, seed)

    assert tally.transactions >= TRANSACTIONS
    assert _left_behind(fresh_database, tally) == []
    expected = ("schedule done", "schedule in spite", "schedule BlockedByWorks", "complete done", "import done", "change_rule done")  # fmt: skip
    assert all(tally.done[what] for what in expected), tally.done


def test_the_same_storm_without_the_lock_does_not(fresh_database: str, seed: int) -> None:
    storms = (storm(fresh_database, WITHOUT_LOCK, seed + number, locked=False) for number in range(3))

    assert any(_left_behind(fresh_database, tally) for tally in storms)
