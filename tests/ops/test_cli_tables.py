"""Tables of the command line on a narrow terminal: no word is cut, and what is left out is named."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from geo_service import settings
from geo_service.cli import terminal

ROWS = [
    {
        "id": "accumulated_hindrance",
        "kinds_a": ["opening", "occupancy"],
        "owners": "different",
        "changed_by": "de coördinator",
    },
    {"id": "works_clash", "kinds_a": ["opening"], "owners": "any", "changed_by": None},
]
COLUMNS = ("id", "kinds_a", "owners", "changed_by")


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
    assert "Niet getoond: gewijzigd door." in shown


@pytest.mark.parametrize(("lang", "heads"), [("nl_BE", "soorten a"), ("en_GB", "kinds a")])
def test_heads_are_in_the_readers_language(
    narrow: None, monkeypatch: pytest.MonkeyPatch, lang: str, heads: str
) -> None:
    monkeypatch.setenv("LANG", lang)
    assert heads in drawn()


@pytest.mark.parametrize(
    ("lang", "hint", "answers", "agreed"),
    [
        ("nl_BE", "[j/N]", "j\n", True),
        ("nl_BE", "[j/N]", "Ja\n", True),
        ("nl_BE", "[j/N]", "\n", False),
        ("nl_BE", "[j/N]", "wat\nnee\n", False),
        ("en_GB", "[y/N]", "yes\n", True),
    ],
)
def test_a_question_is_answered_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, lang: str, hint: str, answers: str, agreed: bool
) -> None:
    monkeypatch.setenv("LANG", lang)

    @click.command()
    def ask() -> None:
        said = terminal.confirm("Bewaren?", terminal.translator(settings.load()))
        click.echo(f"agreed: {said}")

    shown = CliRunner().invoke(ask, input=answers).output
    assert hint in shown
    assert f"agreed: {agreed}" in shown


def test_all_columns_come_when_asked_for(narrow: None) -> None:
    shown = drawn(wide=True)
    assert "opening, occupancy" in shown
    assert "de coördinator" in shown
    assert "Niet getoond" not in shown
