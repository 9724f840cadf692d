"""Feeds do not live by the book: they fail, shrink, are confirmed and come back, and clocks are set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.demo.peer import Peer, running
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake import polling, registry
from geo_service.intake.base_maps import BUNDLES
from geo_service.intake.mapping import definition as mappings
from geo_service.store import freshness
from tests.intake.conftest import Import, write_json
from tests.intake.innames import inname
from tests.intake.mapped_scenes import WORKS, record
from tests.intake.test_gipod_transports import api
from tests.intake.test_pages import server

Rows = Callable[[str], list[Any]]

ALERTS = (
    "SELECT type, data ->> 'confirmed', data ->> 'after' FROM alerts WHERE type LIKE 'feed.%' ORDER BY seq"
)


@pytest.fixture
def gipod() -> Iterator[Peer]:
    """A GIPOD that shows twenty works."""
    with running([inname(n, x=50 * n) for n in range(1, 21)]) as peer:
        yield peer


def known(city: sa.Engine) -> dict[str, Any]:
    with city.connect() as conn:
        [source] = freshness.sources(conn, {"gipod": 6.0})
        return source


def set_back(city: sa.Engine, **by: float) -> None:
    """The clock goes back: what is in the store lies that much later."""
    with city.begin() as conn:
        later = sa.text("UPDATE imports SET started_at = started_at + :by, finished_at = finished_at + :by")
        conn.execute(later, {"by": timedelta(**by)})


def test_a_feed_that_fails_shrinks_is_confirmed_and_comes_back_is_told_step_by_step(
    gipod: Peer, take_in: Import, city: sa.Engine, rows: Rows
) -> None:
    shown = gipod.features
    take_in("gipod", gipod.url)
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json")
    gipod.features = shown[:10]
    take_in("gipod", gipod.url)
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json", accept_shrink=True)
    assert (known(city)["shrunk"]["vanished"], known(city)["last_failure"]["code"]) == (
        10,
        "source_unreachable",
    )
    take_in("gipod", gipod.url, accept_shrink=True)
    assert (known(city)["shrunk"], known(city)["last_failure"]) == (None, None)
    gipod.features = shown
    take_in("gipod", gipod.url)
    assert rows("SELECT count(*) FROM works WHERE vanished_at IS NULL") == [20]
    gipod.features = shown[:10]
    take_in("gipod", gipod.url)
    gipod.features = shown
    take_in("gipod", gipod.url)
    shrank, confirmed = ("feed.shrank", "false", None), ("feed.shrank", "true", None)
    assert rows(ALERTS) == [shrank, confirmed, shrank, ("feed.resumed", None, "shrank")]


def test_who_confirms_a_shrink_has_everything_read_also_within_a_day_of_a_full_look(
    take_in: Import, rows: Rows
) -> None:
    old = {"LastModifiedOn": "2026-08-01T08:00:00Z"}
    told = [inname(n, x=50 * n, **old) for n in range(1, 21)]
    seen: list[dict[str, str]] = []
    with server(api(told, seen)) as (url, _):
        take_in("gipod", url)
    with server(api(told[:10], seen)) as (url, _):
        report = take_in("gipod", url, accept_shrink=True)
    assert "filter" not in seen[-1]
    assert (report.vanished, report.withheld) == (10, 0)


def test_after_the_clock_went_back_a_failed_attempt_and_a_good_one_still_count(
    gipod: Peer, take_in: Import, city: sa.Engine
) -> None:
    take_in("gipod", gipod.url)
    set_back(city, hours=1)
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json")
    assert known(city)["last_failure"]["code"] == "source_unreachable"
    take_in("gipod", gipod.url)
    assert known(city)["last_failure"] is None
    assert known(city)["last_success_at"] < datetime.now(UTC)


def test_an_import_from_a_day_to_come_keeps_no_feed_fresh(
    gipod: Peer, take_in: Import, city: sa.Engine
) -> None:
    take_in("gipod", gipod.url)
    set_back(city, hours=-30)
    take_in("gipod", gipod.url)
    with city.begin() as conn:
        wrong = "UPDATE imports SET finished_at = now() + interval '1 year' WHERE finished_at > now() - interval '1 hour'"
        conn.execute(sa.text(wrong))
        oldest = freshness.oldest_success(conn, {"gipod": 6.0})
    assert known(city)["state"] == "silent"
    assert oldest is not None and oldest < datetime.now(UTC)


def test_a_feed_is_polled_although_its_last_import_lies_in_the_future(
    gipod: Peer, take_in: Import, city: sa.Engine
) -> None:
    take_in("gipod", gipod.url)
    set_back(city, hours=1)
    with city.connect() as conn:
        assert polling.due(conn, {"gipod": 60}, datetime.now(UTC)) == ["gipod"]
    take_in("gipod", gipod.url)
    with city.connect() as conn:
        assert polling.due(conn, {"gipod": 60}, datetime.now(UTC)) == []


@pytest.mark.parametrize("name", [*registry.NAMES[:4], *BUNDLES, "api"])
def test_a_mapping_may_not_call_its_source_as_one_of_our_own(name: str) -> None:
    """Its file would be GIPOD's truth, and what is not in it would have vanished from GIPOD."""
    text = WORKS.replace('"elsewhere"', f'"{name}"')
    with pytest.raises(InvalidInput, match=f"{name} is a source of our own"):
        mappings.parse_mapping(text, "wrong.toml")


def test_a_source_that_brought_works_does_not_bring_repairs_under_the_same_name(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    """Each file would say that whatever the other one brought has vanished."""
    for target in ("works", "repairs"):
        (tmp_path / f"{target}.toml").write_text(WORKS.replace('"works"', f'"{target}"'), encoding="utf-8")
    page = write_json(
        tmp_path / "page.json", {"type": "FeatureCollection", "features": [record(1), record(2, x=50)]}
    )
    take_in("works", page, mapping=str(tmp_path / "works.toml"))
    with pytest.raises(InvalidInput, match="elsewhere brought works until now"):
        take_in("repairs", page, mapping=str(tmp_path / "repairs.toml"))
    assert rows("SELECT count(*) FROM works WHERE vanished_at IS NULL") == [2]
    assert rows("SELECT count(*) FROM repairs") == [0]
