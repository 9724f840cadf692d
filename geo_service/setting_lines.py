"""The settings as `geo-service settings` shows them: each with its value, where that came from, and what it means.

The English meaning stands with the setting, the Dutch in `locales/settings.nl.json`.
"""

import functools
import importlib.resources
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from geo_service import settings as settings_module
from geo_service.i18n import Language
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


@functools.cache
def dutch() -> Mapping[str, str]:
    """The Dutch meaning of each setting, by its name."""
    file = importlib.resources.files("geo_service").joinpath("locales", "settings.nl.json")
    return cast(Mapping[str, str], json.loads(file.read_text(encoding="utf-8")))


def describe(settings: Settings, language: Language = "en") -> Iterator[SettingLine]:
    """Every setting with its value, where that came from and what it means in this language, in the order of the class."""
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        value = getattr(settings, name)
        shown = _environment_text(value)
        origin = _origin(settings, name, variable)
        meaning = dutch()[name] if language == "nl" else field.description or ""
        yield SettingLine(name, variable, "" if value is None else shown, origin, meaning)


def _origin(
    settings: Settings, name: str, variable: str
) -> Literal["argument", "environment", "secret file", "default"]:
    if name not in settings.model_fields_set:
        return "default"
    if os.environ.get(variable):
        return "environment"
    return "secret file" if (settings_module.SECRETS_FOLDER / variable.lower()).is_file() else "argument"
