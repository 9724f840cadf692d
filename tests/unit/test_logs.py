"""What is logged: where it went wrong, and never what the variables held."""

import pytest
import structlog

from geo_service import logs


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
