"""An import that has to wait waits within bounds, says for what, and stops waiting when it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import settings
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import wait_policy
from geo_service.intake.importer import Interrupted, run_import
from geo_service.intake.wait_policy import Wait
from geo_service.store import imports
from tests.intake.conftest import TODAY, write_json
from tests.intake.innames import inname
from tests.intake.slow import Manner, busy, dripping_body, dripping_head, silent, slow

Rows = Callable[[str], list[Any]]

BRIEF = {"read_timeout_s": 0.3, "page_timeout_s": 1.0}
SOON_S = 3


def refused(city: sa.Engine, url: str, **how: Any) -> str:
    started = time.monotonic()
    with pytest.raises(SourceUnreachable) as error:
        run_import(city, settings.load(**BRIEF), "gipod", url, today=TODAY, **how)
    assert time.monotonic() - started < SOON_S
    assert "hush" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("manner", [silent, dripping_head, dripping_body])
def test_a_server_that_keeps_us_waiting_is_given_up_in_time(city: sa.Engine, manner: Manner) -> None:
    with slow(manner) as url:
        assert "takes longer than 1 s for one page" in refused(city, url)


@pytest.mark.parametrize("manner", [silent, dripping_head, dripping_body])
def test_a_file_that_does_not_come_is_given_up_in_time(city: sa.Engine, manner: Manner, rows: Rows) -> None:
    known = settings.load(read_timeout_s=0.5, fetch_timeout_s=1.0)
    with (
        slow(manner) as url,
        wait_policy.policy_scope(wait_policy.WaitPolicy.of(known)),
        pytest.raises(SourceUnreachable),
    ):
        fetch_file(known, url)


def fetch_file(known: settings.Settings, url: str) -> None:
    from geo_service.intake import fetch
    from geo_service.intake.formats.origin import local

    started = time.monotonic()
    try:
        with fetch.limit_scope(fetch.Limits(1 << 20, known.fetch_timeout_s, allow_private=True)), local(url):
            pass
    finally:
        assert time.monotonic() - started < SOON_S


def test_whoever_waits_hears_for_what_and_no_secret(city: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait_policy, "FIRST_WORD_S", 0.2)
    heard: list[Wait | None] = []
    with slow(dripping_body) as url:
        refused(city, url, waits=heard.append)
    first = heard[0]
    assert first is not None
    assert (first.what, first.of.startswith("http://127.0.0.1:"), first.seconds >= 0.2) == (
        "answer",
        True,
        True,
    )
    assert "hush" not in first.of
    assert heard[-1] is None, "it is said when the waiting is over"


@pytest.mark.parametrize("manner", [silent, dripping_head, dripping_body, busy])
def test_an_import_that_is_told_to_stop_while_it_waits_for_a_server_stops_and_waits_to_go_on(
    city: sa.Engine, rows: Rows, manner: Manner
) -> None:
    with city.begin() as conn:
        queued = imports.queue(conn, imports.ImportRequest("gipod", "gipod"))
    stop_at = time.monotonic() + 0.5
    how: dict[str, Any] = {"today": TODAY, "stopping": lambda: time.monotonic() > stop_at}
    with slow(manner) as url, pytest.raises(Interrupted):
        run_import(city, settings.load(), "gipod", url, import_id=queued, **how)
    assert time.monotonic() < stop_at + SOON_S
    assert rows("SELECT status, report FROM imports") == [("queued", None)]


def test_an_import_of_the_command_line_that_is_told_to_stop_is_noted_as_interrupted(
    city: sa.Engine, rows: Rows
) -> None:
    with slow(silent) as url, pytest.raises(Interrupted):
        run_import(city, settings.load(), "gipod", url, today=TODAY, stopping=lambda: True)
    assert rows("SELECT status, report ->> 'error' FROM imports") == [("failed", "interrupted")]


def test_a_second_import_of_a_source_says_for_which_one_it_waits_and_stops_when_told(
    city: sa.Engine, rows: Rows, tmp_path: Path
) -> None:
    page = write_json(tmp_path / "page.json", {"type": "FeatureCollection", "features": [inname(1)]})
    heard: list[Wait | None] = []
    over = threading.Event()
    with ExitStack() as held, slow(silent) as url:
        first = threading.Thread(target=waits_until, args=(city, url, over))
        first.start()
        held.callback(first.join)
        held.callback(over.set)
        while not rows("SELECT 1 FROM imports WHERE status = 'running'"):
            time.sleep(0.02)

        def stopping() -> bool:
            return bool(heard)

        with pytest.raises(Interrupted):
            run_import(
                city, settings.load(), "gipod", str(page), today=TODAY, waits=heard.append, stopping=stopping
            )
    told = heard[0]
    assert told is not None
    assert (told.what, told.of) == ("turn", "gipod")
    assert [told.import_id] == rows("SELECT id FROM imports")


def waits_until(city: sa.Engine, url: str, over: threading.Event) -> None:
    with pytest.raises(Interrupted):
        run_import(city, settings.load(), "gipod", url, today=TODAY, stopping=over.is_set)
