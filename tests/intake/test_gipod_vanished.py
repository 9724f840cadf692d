"""What a feed shows no more, not yet or unreadably: it vanishes, or stays as it was."""

import json
from pathlib import Path

import sqlalchemy as sa

from geo_service.demo.peer import Peer
from tests.intake.conftest import Import, counts
from tests.intake.innames import inname
from tests.intake.test_gipod import Rows, gipod

__all__ = ["gipod"]  # a fixture


def test_works_that_leave_the_feed_are_marked_but_not_cancelled(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    gipod.features = [inname(1), inname(2, x=50)]
    take_in("gipod", gipod.url)
    gipod.features = [inname(2, x=50)]
    assert counts(take_in("gipod", gipod.url)) == {"read": 1, "unchanged": 1, "vanished": 1}
    gone = "SELECT source_id FROM works WHERE vanished_at IS NOT NULL"
    assert rows(gone) == ["1"]
    assert rows("SELECT certainty FROM works WHERE source_id = '1'") == ["planned"]
    assert rows(
        "SELECT count(*) FROM claims c JOIN works w ON w.id = c.works_id WHERE w.source_id = '1'"
    ) == [1]
    assert take_in("gipod", gipod.url).vanished == 0
    gipod.features = [inname(1), inname(2, x=50)]
    assert counts(take_in("gipod", gipod.url)) == {"read": 2, "changed": 1, "unchanged": 1}
    assert rows(gone) == []


def test_a_look_at_a_smaller_box_says_nothing_about_the_rest(gipod: Peer, take_in: Import) -> None:
    gipod.features = [inname(1), inname(2, x=5_000)]
    take_in("gipod", gipod.url)
    [west, south], *_ = inname(1)["geometry"]["coordinates"][0]
    query = (
        f"{gipod.url}/collections/INNAME/items?bbox={west - 0.01},{south - 0.01},{west + 0.01},{south + 0.01}"
    )
    assert counts(take_in("gipod", query)) == {"read": 1, "unchanged": 1}
    gipod.features = [inname(3)]
    assert counts(take_in("gipod", query)) == {"read": 1, "created": 1, "vanished": 1}


def test_a_feed_that_shows_nothing_at_all_makes_nothing_vanish(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    gipod.features = [inname(1)]
    take_in("gipod", gipod.url)
    gipod.features = []
    assert counts(take_in("gipod", gipod.url)) == {}
    assert rows("SELECT vanished_at FROM works") == [None]


def test_a_saved_page_says_nothing_about_what_it_does_not_hold(
    gipod: Peer, take_in: Import, tmp_path: Path, rows: Rows
) -> None:
    both = [inname(1), inname(1, "2026-11-01T05:00:00Z", "2026-11-03T05:00:00Z")]
    gipod.features = [*both, inname(2, x=50)]
    take_in("gipod", gipod.url)
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"type": "FeatureCollection", "features": [inname(1, Description="anders")]}))
    assert counts(take_in("gipod", page)) == {"read": 1, "changed": 1}
    assert rows("SELECT count(*) FROM phases") == [3]


def test_an_older_version_undoes_nothing_and_what_else_is_gone_vanishes(
    gipod: Peer, take_in: Import, rows: Rows, city: sa.Engine
) -> None:
    """It is there, so it was seen; a row of the report is the place in the page, behind it too."""
    gipod.features = [inname(1, Status="Niet uitgevoerd"), inname(2, x=50), inname(3, x=100)]
    take_in("gipod", gipod.url)
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE source_records SET last_seen_at = now() - interval '3 days'"))
    older = inname(1, LastModifiedOn="2026-07-01T08:00:00Z")
    gipod.features = [older, inname(2, x=50, Description="anders"), inname(4, Status=None)]
    report = take_in("gipod", gipod.url)
    assert counts(report) == {"read": 2, "changed": 1, "rejected": 1, "vanished": 1}
    assert (report.remarks.older, report.rejections.first(1)[0].row) == (1, 3)
    assert rows("SELECT source_id FROM works WHERE vanished_at IS NOT NULL") == ["3"]
    assert rows("SELECT certainty FROM works ORDER BY source_id") == ["cancelled", "planned", "planned"]
    fresh = "SELECT count(*) FROM source_records WHERE last_seen_at > now() - interval '1 day'"
    assert rows(fresh) == [2]


def test_a_phase_of_which_only_an_older_version_is_there_stays(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    second = ("2026-11-01T05:00:00Z", "2026-11-03T05:00:00Z")
    gipod.features = [inname(1), inname(1, *second)]
    take_in("gipod", gipod.url)
    old = inname(1, *second, LastModifiedOn="2026-07-01T08:00:00Z")
    gipod.features = [inname(1, Description="anders"), old]
    assert counts(take_in("gipod", gipod.url)) == {"read": 1, "changed": 1}
    assert rows("SELECT count(*) FROM phases") == [2]


def test_a_moment_that_is_still_to_come_keeps_no_later_version_out(
    gipod: Peer, take_in: Import, rows: Rows
) -> None:
    gipod.features = [inname(1, LastModifiedOn="2099-07-01T08:00:00Z")]
    take_in("gipod", gipod.url)
    gipod.features = [inname(1, Status="Niet uitgevoerd")]
    assert counts(take_in("gipod", gipod.url)) == {"read": 1, "changed": 1}
    assert rows("SELECT certainty FROM works") == ["cancelled"]


def test_a_phase_that_became_unreadable_stays_as_it_was(gipod: Peer, take_in: Import, rows: Rows) -> None:
    second = ("2026-11-01T05:00:00Z", "2026-11-03T05:00:00Z")
    gipod.features = [inname(1), inname(1, *second)]
    take_in("gipod", gipod.url)
    gipod.features = [inname(1, Description="anders"), inname(1, *second, Status=None)]
    report = take_in("gipod", gipod.url)
    assert counts(report) == {"read": 2, "changed": 1, "rejected": 1}
    assert rows("SELECT count(*) FROM phases") == [2]
    assert rows("SELECT title FROM works") == ["anders"]
