"""Wrong use of the command line in the reader's language, told by the type of Typer's errors: its sentences are English only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import typer
from pydantic import ValidationError
from typer import _click
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from geo_service.i18n import Translator

Words = tuple[str, Mapping[str, Any]]
"""The key of a sentence, and what fills it."""

VALUES = {
    "int_parsing": "usage.no_integer",
    "float_parsing": "usage.no_number",
    "greater_than_equal": "usage.too_little",
    "less_than_equal": "usage.too_great",
    "uuid_parsing": "usage.no_id",
}
"""The sentence for a value, by pydantic's type of the finding."""


class NoSuchCommand(UsageError):
    """No command has this name."""

    def __init__(self, name: str, alike: list[str], context: _click.Context) -> None:
        super().__init__(f"No such command {name!r}.", context)
        self.name, self.alike = name, alike


class ExtraArguments(UsageError):
    """A command was given more arguments than it has."""

    def __init__(self, arguments: list[str], context: _click.Context) -> None:
        super().__init__(f"Got unexpected extra arguments ({' '.join(arguments)})", context)
        self.arguments = arguments


class Command(TyperCommand):
    """A command whose errors say by their type what is wrong, and by their context where to look."""

    def parse_args(self, ctx: _click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; those that are left over are an error of their own."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest:
            raise ExtraArguments(rest, ctx)
        return rest


class Group(TyperGroup):
    """A group of such commands."""

    def resolve_command(
        self, ctx: _click.Context, args: list[str]
    ) -> tuple[str | None, _click.Command | None, list[str]]:
        """Find a command by its name."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], get_close_matches(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)


def install(app: typer.Typer) -> None:
    """Let all commands and groups of `app` be of these classes."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        group.cls = Group
        if group.typer_instance is not None:
            install(group.typer_instance)


def sentence(error: TyperException, translator: Translator) -> str:
    """Wrong use in the reader's language, with a pointer to the help; empty when Typer has shown the help.

    An error of an unknown type stays in English.
    """
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    words = next((of(error) for kind, of in WORDS if isinstance(error, kind)), None)
    why = translator.text(words[0], **words[1]) if words else error.format_message()
    context = getattr(error, "ctx", None)
    if not (why and context):
        return why
    return translator.text("usage.see_help", why=why, command=context.command_path)


def _no_command(error: NoSuchCommand) -> Words:
    alike = ", ".join(f"'{name}'" for name in error.alike)
    return ("usage.no_command_but" if alike else "usage.no_command"), {"what": error.name, "known": alike}


def _no_option(error: NoSuchOption) -> Words:
    alike = ", ".join(sorted(error.possibilities or ()))
    return ("usage.no_option_but" if alike else "usage.no_option"), {
        "what": error.option_name,
        "known": alike,
    }


def _option(error: BadOptionUsage) -> Words | None:
    parameters = error.ctx.command.params if error.ctx else []
    option = next((one for one in parameters if error.option_name in one.opts), None)
    if not isinstance(option, TyperOption):
        return None
    return ("usage.takes_no_value" if option.is_flag else "usage.no_value"), {"what": error.option_name}


def _missing(error: MissingParameter) -> Words:
    return "usage.missing", {"what": _name(error)}


def _value(error: BadParameter) -> Words | None:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ValidationError):
        cause = cause.__cause__
    if cause is None:
        return None
    finding = cause.errors()[0]
    limit = next((f"{finding['ctx'][name]:g}" for name in ("ge", "le") if name in finding.get("ctx", {})), "")
    what = {"what": _name(error), "known": limit, "given": finding["input"]}
    if formats := _formats(error):
        return ("usage.no_moment" if any("%H" in one for one in formats) else "usage.no_day"), what
    return (VALUES[finding["type"]], what) if finding["type"] in VALUES else None


def _formats(error: BadParameter) -> list[str]:
    """The formats of a parameter that is a day or a moment."""
    descriptor = error.param.type_descriptor if error.param else None
    return (descriptor.parameter_info.formats or []) if descriptor and descriptor.is_datetime else []


def _name(error: BadParameter) -> str:
    """`--at`, or the name of an argument."""
    parameter = error.param
    if parameter is None:
        return ""
    return parameter.opts[0] if isinstance(parameter, TyperOption) else parameter.display_name_raw


WORDS: tuple[tuple[type[TyperException], Callable[[Any], Words | None]], ...] = (
    (NoSuchCommand, _no_command),
    (ExtraArguments, lambda error: ("usage.too_much", {"what": " ".join(error.arguments)})),
    (NoSuchOption, _no_option),
    (BadOptionUsage, _option),
    (MissingParameter, _missing),
    (BadParameter, _value),
)
"""The sentence by the type of the error, the most specific first."""
