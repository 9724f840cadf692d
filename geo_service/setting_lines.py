"""The settings as `geo-service settings` shows them: each with its value, and where that came from."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from geo_service import settings as settings_module
from geo_service.settings import PREFIX, Settings


@dataclass(frozen=True)
class SettingLine:
    """One setting as `geo-service settings` shows it; a secret's value is masked."""

    name: str
    variable: str
    value: str
    origin: Literal["argument", "environment", "secret file", "default"]
    description: str


def _environment_text(value: Any) -> str:
    """As it would be written into the environment."""
    if isinstance(value, dict):
        return ",".join(
            f"{name}={number:g}" if isinstance(number, float) else f"{name}={number}"
            for name, number in value.items()
        )
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def describe(settings: Settings) -> Iterator[SettingLine]:
    """Every setting with its value and where that came from, in the order of the class."""
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        value = getattr(settings, name)
        shown = _environment_text(value)
        origin = _origin(settings, name, variable)
        yield SettingLine(name, variable, "" if value is None else shown, origin, field.description or "")


def _origin(
    settings: Settings, name: str, variable: str
) -> Literal["argument", "environment", "secret file", "default"]:
    if name not in settings.model_fields_set:
        return "default"
    if os.environ.get(variable):
        return "environment"
    return "secret file" if (settings_module.SECRETS_FOLDER / variable.lower()).is_file() else "argument"
