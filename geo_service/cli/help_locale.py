"""Help and usage errors in the language of the terminal.

The English help stands with each command and option; the Dutch help stands in `help.nl.json`. Typer has usage errors in English only.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from typing import Any, cast

import typer
from typer import rich_utils
from typer.exceptions import TyperException

from geo_service.i18n import Translator

_DUTCH_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "Argumenten",
    "OPTIONS_PANEL_TITLE": "Opties",
    "COMMANDS_PANEL_TITLE": "Opdrachten",
    "DEFAULT_STRING": "[standaard: {}]",
    "REQUIRED_LONG_STRING": "[verplicht]",
}

# Usage errors of Typer, the most specific first.
_WRONG = (
    (r"Missing (?:argument|option|parameter) '(?P<what>.+?)'", "usage.missing"),
    (r"Missing command", "usage.no_command_given"),
    (r"No such option: (?P<what>\S+) \(Possible options: (?P<known>.+)\)", "usage.no_option_but"),
    (r"No such option: (?P<what>\S+)", "usage.no_option"),
    (r"No such command '(?P<what>.*?)'.*?Did you mean (?P<known>.+?)\?", "usage.no_command_but"),
    (r"No such command '(?P<what>.*?)'", "usage.no_command"),
    (r"Got unexpected extra argument(?:\(s\))? \((?P<what>.*)\)", "usage.too_much"),
    (r"Option '(?P<what>.+?)' requires an argument", "usage.no_value"),
    (r"Option '(?P<what>.+?)' does not take a value", "usage.takes_no_value"),
    (r"Invalid value for '(?P<what>.+?)': Input should be a valid integer", "usage.no_integer"),
    (r"Invalid value for '(?P<what>.+?)': Input should be a valid number", "usage.no_number"),
    (r"Invalid value for '(?P<what>.+?)': Input should be greater than or equal to (?P<known>\S+)", "usage.too_little"),
    (r"Invalid value for '(?P<what>.+?)': Input should be less than or equal to (?P<known>\S+)", "usage.too_great"),
    (r"Invalid value for '(?P<what>.+?)': Value error, '(?P<given>.*)' does not match the formats? .*%H", "usage.no_moment"),
    (r"Invalid value for '(?P<what>.+?)': Value error, '(?P<given>.*)' does not match the format", "usage.no_day"),
    (r"Invalid value for '(?P<what>.+?)': Input should be a valid UUID", "usage.no_id"),
)  # fmt: skip


def wrong_use(error: TyperException, translator: Translator) -> str:
    """A usage error of Typer in the reader's language, with a pointer to the help; empty when Typer has shown
    the help.

    An unknown message stays in English.
    """
    message = error.format_message()
    why = next(
        (
            translator.text(key, **match.groupdict())
            for pattern, key in _WRONG
            if (match := re.match(pattern, message, re.DOTALL))
        ),
        message,
    )
    context = getattr(error, "ctx", None)
    return (
        translator.text("usage.see_help", why=why, command=context.command_path) if why and context else why
    )


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
