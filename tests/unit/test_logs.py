"""What is logged: where it went wrong, and never what the variables held."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import structlog

from geo_service import logs

Lines = Callable[[], list[dict[str, Any]]]


def test_a_traceback_names_the_line_and_no_value_of_a_local_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = structlog.get_config()
    logs.configure("info")
    try:
        citizen = "Jan Peeters, 0470 12 34 56"
        assert citizen
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger().exception("the worker was interrupted")
    finally:
        structlog.configure(**before)

    said = capsys.readouterr().err
    assert "the worker was interrupted" in said
    assert "ZeroDivisionError" in said
    assert "test_logs.py" in said
    assert "0470" not in said.replace('citizen = "Jan Peeters, 0470 12 34 56"', "")


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Logging as JSON for one test; the lines that were written."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    servers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error")]
    before_it = [(one, one.handlers, one.propagate, one.disabled) for one in servers]
    for one in servers:  # a server of another test in this process may have set them up as it likes
        one.handlers, one.propagate, one.disabled = [], True, False
    logs.configure("info", "json")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.configure(**before)
    root.handlers, root.level = handlers, level
    for one, its_handlers, propagate, disabled in before_it:
        one.handlers, one.propagate, one.disabled = its_handlers, propagate, disabled


def test_as_json_a_line_is_one_object_with_its_fields_and_the_request(lines: Lines) -> None:
    with logs.request("abc-1"):
        structlog.get_logger().warning("a feed has stopped", source="gipod")
    structlog.get_logger().debug("not of this level")
    [line] = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "a feed has stopped",
        "level": "warning",
        "source": "gipod",
        "request_id": "abc-1",
    }


def test_lines_of_libraries_have_the_same_form(lines: Lines) -> None:
    with logs.request("abc-2"):
        logging.getLogger("procrastinate.worker").error("Side task %s failed", "listener")
        logging.getLogger("fontTools").info("of no use to anybody")
    [line] = lines()
    assert (line["event"], line["level"], line["request_id"]) == (
        "Side task listener failed",
        "error",
        "abc-2",
    )


def test_a_traceback_as_json_names_no_value_of_a_local_variable(lines: Lines) -> None:
    try:
        citizen = "".join(("0470", " 12 34 56"))
        assert citizen
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    [line] = lines()
    assert "ZeroDivisionError" in line["exception"] and "0470 12" not in line["exception"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("connecting to postgresql://geo:hunter22@db/geo failed", "hunter22"),
        ("key gs_AbCdEf0123456789xyz is unknown", "AbCdEf0123456789xyz"),
        ("Authorization: Bearer eyJhbGciOi.J9", "eyJhbGciOi.J9"),
        ("GET /feeds/works.ics?token=dGhlIGtleQ&x=1", "dGhlIGtleQ"),
        ("whsec_MfKQ9r8GKYqrTwjU is the secret", "MfKQ9r8GKYqrTwjU"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_opens_a_door_is_masked_wherever_it_stands(
    form: logs.Form, text: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("info", form)
    try:
        structlog.get_logger().error(text, database_password="open sesame", nested={"smtp_password": "pw 2"})
        logging.getLogger("procrastinate").warning(text)
    finally:
        structlog.configure(**before)
        root.handlers, root.level = handlers, level
    said = capsys.readouterr().err
    assert said.count("***") >= 4
    assert not any(word in said for word in (secret, "open sesame", "pw 2"))


@pytest.mark.parametrize(
    "harmless", ["code=database_unreachable", "2026-11-29 10:00", "https://geo.example/a@b"]
)
def test_what_opens_no_door_stays(harmless: str) -> None:
    assert logs.mask(harmless) == harmless


def test_a_database_that_is_away_is_one_line_however_deep_it_was_met(lines: Lines) -> None:
    try:
        try:
            raise psycopg.OperationalError("connection refused\n\tIs the server running?")
        except psycopg.OperationalError as cause:
            raise RuntimeError("the queue failed") from cause
    except RuntimeError:
        logging.getLogger("procrastinate.worker").exception("Side task failed")
        structlog.get_logger().exception("interrupted")
    assert [(line["error"], "exception" in line) for line in lines()] == [("connection refused", False)] * 2


def test_a_deadlock_is_no_database_that_is_away(lines: Lines) -> None:
    try:
        raise psycopg.errors.DeadlockDetected("deadlock detected")
    except psycopg.OperationalError:
        structlog.get_logger().exception("interrupted")
    [line] = lines()
    assert "DeadlockDetected" in line["exception"]


def test_a_mask_leaves_a_line_of_json_whole() -> None:
    line = json.dumps({"exception": 'url = f"…?token=s3cr3t",\n  next line "quoted"'})
    assert json.loads(logs.mask(line))["exception"] == 'url = f"…?token=***",\n  next line "quoted"'
