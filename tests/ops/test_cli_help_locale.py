"""The command line speaks the language of its terminal, in its help too, and says of wrong use one clear line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.exceptions import TyperException

from geo_service.cli import app, help_locale, usage
from geo_service.i18n import Translator
from tests.ops.processes import command

DUTCH = Translator("nl", date(2026, 11, 23))


def run(*arguments: str, lang: str = "nl_BE.UTF-8") -> subprocess.CompletedProcess[str]:
    """Without a database: help and wrong use need none."""
    env = {**os.environ, "LANG": lang, "COLUMNS": "200"}
    env = {
        name: value for name, value in env.items() if name not in ("LC_ALL", "LC_MESSAGES", "GEO_LANGUAGE")
    }
    return command(arguments, env, Path.cwd())


def helps(command: Any) -> Iterator[str]:
    """Every help text of a command and of all below it."""
    parameters = command.get_params(typer.Context(command))
    yield from filter(None, [command.help, *(getattr(one, "help", None) for one in parameters)])
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def test_each_help_text_has_its_dutch_and_no_dutch_is_left_over() -> None:
    assert set(helps(typer.main.get_command(app))) == set(help_locale.dutch())


def test_help_is_in_the_language_of_the_terminal() -> None:
    dutch, english = run("check", "--help"), run("check", "--help", lang="en_GB.UTF-8")
    assert (dutch.returncode, english.returncode) == (0, 0)
    assert (
        "Mag ik hier herstellen?" in dutch.stdout
        and "Opties" in dutch.stdout
        and "[verplicht]" in dutch.stdout
    )
    assert "May I repair here?" in english.stdout and "Options" in english.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("chek",), "opdracht chek bestaat niet; misschien 'check' (zie: geo-service --help)"),
        (("keys", "lst"), "opdracht lst bestaat niet; misschien 'list' (zie: geo-service keys --help)"),
        (("xyz",), "opdracht xyz bestaat niet (zie: geo-service --help)"),
        (("check",), "--at ontbreekt (zie: geo-service check --help)"),
        (("check", "--att", "3"), "optie --att bestaat niet; misschien --at (zie: geo-service check --help)"),
        (("check", "--xyz"), "optie --xyz bestaat niet (zie: geo-service check --help)"),
        (("check", "--at"), "--at heeft een waarde nodig (zie: geo-service check --help)"),
        (("check", "--json=3"), "--json neemt geen waarde (zie: geo-service check --help)"),
        (("check", "--at", "1,2", "x"), "x hoort hier niet (zie: geo-service check --help)"),
        (("check", "--at", "1,2", "--on", "morgen"), "--on: morgen is geen dag, geschreven als 2026-03-14 (zie: geo-service check --help)"),
        (("detect", "--since", "2026-11-28T25:00"), "--since: 2026-11-28T25:00 is geen dag of tijdstip, geschreven als 2026-03-14 of 2026-03-14T08:00 (zie: geo-service detect --help)"),
        (("keys", "revoke", "abc"), "key_id moet een id zijn, als 01a2097e-ad36-7058-b9dd-dd35e420c22c (zie: geo-service keys revoke --help)"),
        (("bench", "engine", "--claims", "x"), "--claims moet een geheel getal zijn (zie: geo-service bench engine --help)"),
        (("demo", "--scale", "x"), "--scale moet een getal zijn (zie: geo-service demo --help)"),
        (("demo", "--scale", "0.1"), "--scale moet minstens 0.2 zijn (zie: geo-service demo --help)"),
        (("demo", "--scale", "101"), "--scale mag hoogstens 100 zijn (zie: geo-service demo --help)"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)  # fmt: skip
def test_wrong_use_is_said_in_dutch_with_where_to_look(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(TyperException) as wrong:
        typer.main.get_command(app)(arguments, prog_name="geo-service", standalone_mode=False)
    assert usage.sentence(wrong.value, DUTCH) == told


def test_wrong_use_is_one_line_and_exit_code_2() -> None:
    answer = run("check", lang="en_GB.UTF-8")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "geo-service: --at is missing (see: geo-service check --help)\n"


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "works.csv").write_text(
        "Nr;Eigenaar;Van;Tot\n1;Proximus;01/12/2026;05/12/2026\n", encoding="utf-8"
    )
    answer = run("import", "works", str(tmp_path / "works.csv"), "--save", str(tmp_path / "nope" / "a.toml"))
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1] == f"geo-service: save: de map {tmp_path / 'nope'} bestaat niet"


def test_without_a_command_the_help_is_shown() -> None:
    answer = run()
    assert answer.returncode == 2 and "Opdrachten" in answer.stdout + answer.stderr


def test_wrong_settings_do_not_hide_the_help() -> None:
    env = {**os.environ, "GEO_TIMEZONE": "Mars/Olympus"}
    answer = command(("check", "--help"), env, Path.cwd())
    assert answer.returncode == 0 and "--at" in answer.stdout
