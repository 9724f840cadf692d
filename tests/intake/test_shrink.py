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
    told = {"source": "gipod", "vanished": 7, "open": 20, "confirmed": False}
    assert rows(ALERTS) == [("feed.shrank", ["nutsen"], told)]


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


def test_that_a_person_confirmed_it_is_told_too_once_and_with_the_import_that_says_who(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:13]
    take_in("gipod", gipod.url)
    for _ in range(2):
        take_in("gipod", gipod.url, accept_shrink=True)
    [import_id] = rows("SELECT id::text FROM imports WHERE accept_shrink ORDER BY started_at LIMIT 1")
    told = {"source": "gipod", "vanished": 7, "open": 20}
    assert rows(ALERTS) == [
        ("feed.shrank", ["nutsen"], {**told, "confirmed": False}),
        ("feed.shrank", ["nutsen"], {**told, "confirmed": True, "import_id": import_id}),
    ]


def test_a_shrink_that_is_confirmed_beforehand_is_told_as_confirmed(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    take_in("gipod", gipod.url)
    gipod.features = gipod.features[:13]
    take_in("gipod", gipod.url, accept_shrink=True)
    [(_, _, told)] = rows(ALERTS)
    assert (told["vanished"], told["confirmed"]) == (7, True)


def test_a_feed_that_shows_its_works_again_is_told_as_going_on(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    shown = gipod.features
    take_in("gipod", gipod.url)
    gipod.features = shown[:13]
    take_in("gipod", gipod.url)
    gipod.features = shown
    for _ in range(2):
        take_in("gipod", gipod.url)
    assert [row[0] for row in rows(ALERTS)] == ["feed.shrank", "feed.resumed"]
    assert rows(ALERTS)[1][2] == {"source": "gipod", "after": "shrank"}
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
