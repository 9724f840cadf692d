"""A feed that stops is told once, and again when it goes on; the status says how old each truth is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import settings
from geo_service.demo.peer import Peer, running
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.pipeline import source_alerts
from geo_service.store import freshness
from tests.intake.conftest import Import
from tests.intake.innames import inname

Rows = Callable[[str], list[Any]]

ALERTS = "SELECT type, departments FROM alerts WHERE type LIKE 'feed.%' ORDER BY seq"


@pytest.fixture
def gipod() -> Iterator[Peer]:
    with running([inname(1)]) as peer:
        yield peer


def came_in_hours_ago(city: sa.Engine, hours: float) -> None:
    with city.begin() as conn:
        conn.execute(
            sa.text("UPDATE imports SET finished_at = now() - make_interval(hours => :h)"), {"h": hours}
        )


def known(city: sa.Engine) -> dict[str, Any]:
    with city.connect() as conn:
        [source] = freshness.sources(conn, {"gipod": 6.0})
        return source


@pytest.mark.parametrize(("hours", "state"), [(5, "fresh"), (7, "late"), (23, "late"), (25, "silent")])
def test_a_feed_is_as_fresh_as_it_should_come_in(
    gipod: Peer, take_in: Import, city: sa.Engine, hours: int, state: str
) -> None:
    take_in("gipod", gipod.url)
    came_in_hours_ago(city, hours)
    assert known(city)["state"] == state


def test_a_feed_that_stopped_is_told_once_and_its_return_too(
    gipod: Peer, take_in: Import, city: sa.Engine, rows: Rows
) -> None:
    config = settings.load()
    take_in("gipod", gipod.url)
    assert source_alerts.watch(city, config) == []
    came_in_hours_ago(city, 25)
    assert source_alerts.watch(city, config) == ["gipod"]
    assert source_alerts.watch(city, config) == []
    take_in("gipod", gipod.url)
    take_in("gipod", gipod.url)
    assert rows(ALERTS) == [("feed.stopped", ["nutsen"]), ("feed.resumed", ["nutsen"])]


def test_a_second_feed_that_stops_does_not_tell_the_first_again(
    gipod: Peer, take_in: Import, city: sa.Engine, rows: Rows
) -> None:
    config = settings.load(feed_hours="gipod=6,gipod-ldes=6")
    take_in("gipod", gipod.url)
    with city.begin() as conn:
        other = "INSERT INTO imports (source, status, finished_at, report) VALUES ('gipod-ldes', 'done', now(), '{}')"
        conn.execute(sa.text(other))
        conn.execute(
            sa.text("UPDATE imports SET finished_at = now() - interval '25 hours' WHERE source = 'gipod'")
        )
    assert source_alerts.watch(city, config) == ["gipod"]
    came_in_hours_ago(city, 25)
    assert source_alerts.watch(city, config) == ["gipod-ldes"]
    assert source_alerts.watch(city, config) == []
    told = "SELECT data ->> 'source' FROM alerts WHERE type = 'feed.stopped' ORDER BY seq"
    assert rows(told) == ["gipod", "gipod-ldes"]


def test_a_file_that_somebody_imported_does_not_stop(gipod: Peer, take_in: Import, city: sa.Engine) -> None:
    take_in("gipod", gipod.url)
    came_in_hours_ago(city, 1000)
    assert source_alerts.watch(city, settings.load(feed_hours="osiris=24")) == []


def test_the_status_tells_what_came_in_and_what_went_wrong_since(
    gipod: Peer, take_in: Import, city: sa.Engine
) -> None:
    take_in("gipod", gipod.url)
    assert (known(city)["counts"]["created"], known(city)["last_failure"]) == (1, None)
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json")
    assert known(city)["last_failure"]["code"] == "source_unreachable"
    assert known(city)["counts"]["created"] == 1


def test_a_source_of_which_no_import_ever_succeeded_is_told_with_its_last_failure(
    gipod: Peer, take_in: Import, city: sa.Engine
) -> None:
    gipod.features = [inname(1, Owner=None)]
    take_in("gipod", gipod.url)
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json")
    told = known(city)
    assert (told["state"], told["last_success_at"], told["age_seconds"]) == ("never", None, None)
    assert told["last_failure"]["code"] == "source_unreachable"
    assert told["counts"]["created"] == 0
    gipod.features = [inname(1)]
    take_in("gipod", gipod.url)
    assert (known(city)["state"], known(city)["last_failure"]) == ("fresh", None)


def test_a_feed_that_never_came_in_is_told_as_stopped_when_it_was_tried_long_enough(
    take_in: Import, city: sa.Engine, rows: Rows
) -> None:
    with pytest.raises(SourceUnreachable):
        take_in("gipod", "/nowhere.json")
    config = settings.load()
    assert source_alerts.watch(city, config) == []
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE imports SET started_at = now() - interval '25 hours'"))
    assert source_alerts.watch(city, config) == ["gipod"]
    assert source_alerts.watch(city, config) == []
    [data] = rows("SELECT data FROM alerts WHERE type = 'feed.stopped'")
    assert (data["last_success_at"], data["last_failure"]["code"]) == (None, "source_unreachable")


def test_a_feed_of_which_nothing_can_be_used_has_failed_and_its_truth_is_of_before(
    gipod: Peer, take_in: Import, city: sa.Engine, rows: Rows
) -> None:
    take_in("gipod", gipod.url)
    gipod.features = [inname(1, Owner=None), inname(2, Owner=None)]
    assert take_in("gipod", gipod.url).rejected == 2
    told = known(city)
    assert (told["last_failure"]["code"], told["counts"]["created"]) == ("nothing_usable", 1)
    assert rows("SELECT status FROM imports ORDER BY started_at") == ["done", "failed"]
    assert rows("SELECT count(*) FROM import_rejections") == [2]
    assert rows("SELECT count(*) FROM works WHERE vanished_at IS NULL") == [1]
    gipod.features = [inname(1), inname(2, Owner=None)]
    take_in("gipod", gipod.url)
    assert known(city)["last_failure"] is None


def test_a_feed_that_shows_nothing_has_failed_too(gipod: Peer, take_in: Import, city: sa.Engine) -> None:
    take_in("gipod", gipod.url)
    gipod.features = []
    report = take_in("gipod", gipod.url)
    assert (report.read, report.failure and report.failure.code) == (0, "nothing_usable")
    assert "failure" not in report.counts()
    told = known(city)
    assert (told["last_failure"]["code"], told["counts"]["created"]) == ("nothing_usable", 1)


@pytest.mark.parametrize("wrong", ["gipod", "gipod=", "gipod=0", "=6", "gipod=often"])
def test_hours_that_make_no_sense_are_refused(wrong: str) -> None:
    with pytest.raises(settings.InvalidSettings, match="GEO_FEED_HOURS"):
        settings.load(feed_hours=wrong)
