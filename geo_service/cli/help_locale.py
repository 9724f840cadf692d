"""Help in the language of the terminal: the English stands with each command and option, the Dutch in `help.nl.json`."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from typing import Any, cast

import typer
from typer import rich_utils

_DUTCH_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "Argumenten",
    "OPTIONS_PANEL_TITLE": "Opties",
    "COMMANDS_PANEL_TITLE": "Opdrachten",
    "DEFAULT_STRING": "[standaard: {}]",
    "REQUIRED_LONG_STRING": "[verplicht]",
}


@functools.cache
def dutch() -> Mapping[str, str]:
    """The Dutch of each help text."""
    file = importlib.resources.files("geo_service").joinpath("cli", "help.nl.json")
    return cast(Mapping[str, str], json.loads(file.read_text(encoding="utf-8")))


def in_dutch(command: Any) -> None:
    """Translate the help of a Typer command, and of all its subcommands."""
    for name, text in _DUTCH_FRAME.items():
        setattr(rich_utils, name, text)
    _translate(command)


def _translate(command: Any) -> None:
    command.help = dutch().get(command.help, command.help)
    for parameter in command.get_params(typer.Context(command)):  # --help too
        if help_text := getattr(parameter, "help", None):
            parameter.help = dutch().get(help_text, help_text)
    for below in getattr(command, "commands", {}).values():
        _translate(below)
