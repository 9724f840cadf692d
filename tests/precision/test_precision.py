"""How often the service is right, on situations whose answer follows from how they were made. Numbers and causes: docs/precision.md."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.precision import measure, table
from tests.precision.measure import Outcome
from tests.precision.situations import Situation

# What was measured; a change may raise these, never lower them.
FLOORS = {
    "block": (0.93, 1.0),
    "inform": (1.0, 0.99),
    "silent": (0.99, 0.96),
    "nearby": (1.0, 1.0),
    "opportunity": (1.0, 1.0),
}
# Blocks without the whole streets that are dug on the other side: of those a person can only be asked.
LEAST_DECIDABLE = (0.98, 1.0)
MOST_WRONG_BLOCKS_ACROSS = 0

Measured = tuple[list[Situation], dict[int, Outcome]]


@pytest.fixture(scope="module")
def measured(engine: sa.Engine) -> Measured:
    situations = measure.all_situations()
    with engine.connect() as conn, conn.begin() as transaction:
        found = measure.outcomes(conn, situations)
        transaction.rollback()
    return situations, found


def test_the_set_is_large_and_the_same_every_time(measured: Measured) -> None:
    situations, _ = measured

    assert len(situations) >= 200
    assert situations == measure.all_situations()
    assert situations != measure.all_situations(seed=measure.SEED + 1)


def test_no_repair_is_held_by_works_across_the_street(measured: Measured) -> None:
    wrong = table.wrong_blocks_across(*measured)

    assert len(wrong) <= MOST_WRONG_BLOCKS_ACROSS, [one.number for one in wrong]


@pytest.mark.parametrize("name", FLOORS)
def test_precision_and_recall_stay_where_they_were_measured(measured: Measured, name: str) -> None:
    score = table.scores(*measured)[name]

    precision, recall = FLOORS[name]
    assert score.precision >= precision
    assert score.recall >= recall


def test_where_a_record_can_tell_hardly_a_block_is_wrong(measured: Measured) -> None:
    situations, found = measured
    decidable = table.decidable(situations)

    score = table.scores(decidable, found)["block"]

    assert len(decidable) == len(situations) - 8
    precision, recall = LEAST_DECIDABLE
    assert score.precision >= precision
    assert score.recall >= recall
