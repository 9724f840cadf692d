"""Tables of the command line on a narrow terminal: no word is cut, and what is left out is named."""

from __future__ import annotations

import pytest

from geo_service.cli import terminal

ROWS = [
    {
        "id": "accumulated_hindrance",
        "kinds": ["opening", "occupancy"],
        "owners": "different",
        "by": "de coördinator",
    },
    {"id": "works_clash", "kinds": ["opening"], "owners": "any", "by": None},
]
COLUMNS = ("id", "kinds", "owners", "by")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "nl_BE.UTF-8")
    monkeypatch.setattr(terminal.out, "_width", 50)


def drawn(*, wide: bool = False) -> str:
    with terminal.out.capture() as shown:
        terminal.out.print(terminal.rows_table(ROWS, COLUMNS, wide=wide))
    return shown.get()


def test_a_narrow_table_leaves_out_what_does_not_fit_and_says_so(narrow: None) -> None:
    shown = drawn()
    words = {word.strip(",") for word in shown.split()}
    assert {"accumulated_hindrance", "opening", "occupancy", "different"} <= words
    assert "coördinator" not in words
    assert "Niet getoond: by." in shown


def test_all_columns_come_when_asked_for(narrow: None) -> None:
    shown = drawn(wide=True)
    assert "opening, occupancy" in shown
    assert "de coördinator" in shown
    assert "Niet getoond" not in shown
