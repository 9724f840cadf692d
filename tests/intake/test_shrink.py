"""A feed that shrinks more than can be believed lets nothing vanish until a person confirms it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from geo_service.demo.peer import Peer, running
from tests.intake.conftest import Import
from tests.intake.innames import inname

Rows = Callable[[str], list[Any]]

GONE = "SELECT count(*) FROM works WHERE vanished_at IS NOT NULL"
ALERTS = "SELECT type, departments, data FROM alerts WHERE type LIKE 'feed.%' ORDER BY seq"


@pytest.fixture
def gipod() -> Iterator[Peer]:
    """A GIPOD that showed twenty works."""
    with running([inname(n, x=50 * n) for n in range(1, 21)]) as peer:
        yield peer


def test_a_third_gone_at_once_is_withheld_and_told_once(gipod: Peer, take_in: Import, rows: Rows) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:13]
    for _ in range(2):
        report = take_in("gipod", gipod.url)
        assert (report.vanished, report.withheld) == (0, 7)
    assert rows(GONE) == [0]
    assert rows(ALERTS) == [("feed.shrank", ["nutsen"], {"source": "gipod", "vanished": 7, "open": 20})]


def test_less_than_that_vanishes_at_once(gipod: Peer, take_in: Import, rows: Rows) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:14]
    report = take_in("gipod", gipod.url)
    assert (report.vanished, report.withheld) == (6, 0)
    assert "withheld" not in report.as_json()
    assert rows(GONE) == [6]


def test_what_a_person_confirms_is_marked(gipod: Peer, take_in: Import, rows: Rows) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:2]
    take_in("gipod", gipod.url)
    report = take_in("gipod", gipod.url, accept_shrink=True)
    assert (report.vanished, report.withheld) == (18, 0)
    assert rows(GONE) == [18]
    assert rows("SELECT shrunk FROM feeds") == [None]


def test_works_that_are_over_leave_the_feed_without_a_question(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    past = [inname(n, "2026-08-01T05:00:00Z", "2026-08-09T15:00:00Z", x=50 * n) for n in range(21, 41)]
    gipod.features = [*gipod.features, *past]
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:20]
    report = take_in("gipod", gipod.url)
    assert (report.vanished, report.withheld) == (20, 0)


def test_a_dry_run_says_so_and_tells_nobody(gipod: Peer, take_in: Import, rows: Rows) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:2]
    assert take_in("gipod", gipod.url, dry_run=True).withheld == 18
    assert rows(ALERTS) == []
