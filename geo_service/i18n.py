"""Translate codes and figures into sentences. No other module of the server words texts for people.

`viewer/locales/{nl,en}.json` hold the sentences, and the viewer loads them as well; `locales/messages.{nl,en}.json` hold those of errors
and rejections (domain/messages.py).
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from pydantic_core import PydanticCustomError

from geo_service.domain import messages
from geo_service.domain.errors import GeoServiceError, InvalidInput

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")

COPIED = (
    "at",
    "crs",
    "given",
    "header",
    "line",
    "looks_like",
    "place",
    "wanted",
    "version",
    "column",
    "region",
    "x",
    "y",
)
"""Figures of a refusal that are codes, or places in a file: they are not formatted."""
CODED = {
    "status": "repair_status",
    "request_status": "request_state",
    "claim_status": "claim_status",
    "conflict_status": "status",
    "role": "role",
    "roles": "role",
}
"""Figures of a refusal that are codes with a translation."""
NBSP = "\u00a0"


@functools.cache
def sentences(language: Language) -> Mapping[str, str]:
    """All sentences of a language, by key."""
    file = importlib.resources.files("geo_service").joinpath("viewer", "locales", f"{language}.json")
    return cast(Mapping[str, str], json.loads(file.read_text(encoding="utf-8")))


def finding(reason: str, **params: Any) -> PydanticCustomError:
    """The finding of a validator, for the reason and its parameters (domain/messages.py)."""
    english = messages.template("en", reason, params)
    assert english is not None
    return PydanticCustomError(reason, english, params or None)


def preferred(accept_language: str | None, default: Language = "nl") -> Language:
    """The preferred supported language of an `Accept-Language` header (RFC 9110 §12.5.4)."""
    ranked: list[tuple[float, Language]] = []
    for part in (accept_language or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        language = tag.strip().lower()[:2]
        if language in LANGUAGES:
            try:
                ranked.append((-float(quality or 1), language))
            except ValueError:
                continue
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else default


def findings_of(
    findings: Iterable[Mapping[str, Any]], where: Callable[[tuple[Any, ...]], str]
) -> list[dict[str, Any]]:
    """Findings of pydantic as the figure `findings` of a refusal; `where` words their places."""
    return [
        {
            "where": where(one["loc"]),
            "code": one["type"],
            "message": one["msg"].removeprefix("Value error, "),
            "params": _figures(one.get("ctx", {})),
        }
        for one in findings
    ]


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures as JSON values; pydantic also passes the error itself."""
    return {
        name: value if isinstance(value, str | int | float) else str(value) for name, value in figures.items()
    }


def month_names(language: Language) -> list[str]:
    """The names of the months, in full."""
    return messages.catalogue(language)["format.full_months"].split()


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates into one language, as seen from `today`: a date names its year only when it is another one."""

    language: Language
    today: date

    def text(self, key: str, **params: Any) -> str:
        """The sentence of `key` with its `{params}`; in its `.one` or `.none` form for one day or week, or
        less.
        """
        texts = sentences(self.language)
        counted = next(
            (params.get(name) for name in ("days", "weeks", "slack") if f"{{{name}}}" in texts[key]), None
        )
        form = {0: ".none", 1: ".one"}.get(counted, "") if isinstance(counted, int) else ""
        template = self._days(texts.get(key + form, texts[key]), params)
        return template.format_map({name: self._show(name, value) for name, value in params.items()})

    def _days(self, template: str, params: Mapping[str, Any]) -> str:
        """A period of one day (`from` to `last`) is that day."""
        if params.get("from") is None or params["from"] != params.get("last"):
            return template
        for period, day in zip(
            self._format("periods").split("|"), self._format("one_day").split("|"), strict=True
        ):
            template = template.replace(period, day)
        return template

    def row_rejection(self, code: str, message: str, params: Mapping[str, Any], line: int | None) -> str:
        """The reason for a rejected row, after its line in the file, if the file has lines."""
        why = self.rejection(code, message, params)
        return why if line is None else self.text("import.at_line", line=str(line), why=why)

    def field(self, name: str | None) -> str | None:
        """The translated name of a field; a column of the file, or an unknown field, stays as it is."""
        return name and sentences(self.language).get(f"field.{name}", name)

    def error(self, error: GeoServiceError) -> str:
        """An error in one line."""
        if isinstance(error, InvalidInput):
            lines = (
                f"{one.field}: {self.rejection(one.reason, one.message, one.params)}" for one in error.errors
            )
            return "; ".join(lines)
        if error.reason is not None:
            return self.rejection(error.reason, str(error), error.params)
        if self.language == "en":
            return str(error)
        return sentences(self.language).get(f"error.{error.code}", str(error))

    def message(self, reason: str, **params: Any) -> str:
        """The sentence of the catalogue for a reason."""
        return self.rejection(reason, messages.english(reason, params), params)

    def rejection(self, reason: str, message: str, params: Mapping[str, Any]) -> str:
        """The sentence for a reason. `message` is its English, and the text where no translation exists: a
        mapping words its own.
        """
        if self.language == "en" or messages.OWN_WORDS in params:
            return message
        template = messages.template(self.language, reason, params)
        if template is None:
            return message
        try:
            return template.format_map({name: self._figure(name, value) for name, value in params.items()})
        except KeyError:
            return message

    def day(self, day: date) -> str:
        """`do 26 nov`, `do 26 nov 2027`; `Thu 26 Nov`."""
        year = "" if day.year == self.today.year else f" {day.year}"
        return (
            f"{self._name('weekdays', day.weekday())} {day.day} {self._name('months', day.month - 1)}{year}"
        )

    def money(self, euro: float) -> str:
        """`€ 4.702`: whole euros, with a non-breaking space."""
        return f"€{NBSP}{self._group_digits(round(euro))}"

    def number(self, value: float, digits: int = 0) -> str:
        """`58,4` in Dutch, `58.4` in English."""
        return f"{value:,.{digits}f}".translate(str.maketrans(",.", self._format("thousands_and_decimal")))

    def _figure(self, name: str, value: Any) -> str:
        """A figure of a refusal. Values that people search for or copy have no separators."""
        if isinstance(value, list | tuple):
            parts = (
                self._finding(one) if isinstance(one, Mapping) else self._figure(name, one) for one in value
            )
            return ("; " if name == "findings" else ", ").join(parts)
        if name in CODED:
            return sentences(self.language).get(f"{CODED[name]}.{value}", str(value)).lower()
        if name in COPIED or isinstance(value, bool) or not isinstance(value, int | float):
            return str(value).removesuffix(" 00:00")  # a day is no moment
        return self.number(value, digits=0 if float(value).is_integer() else 1)

    def _finding(self, one: Mapping[str, Any]) -> str:
        """One of several findings: its place and its reason."""
        why = self.rejection(one["code"], one["message"], one["params"])
        return f"{one['where']}: {why}" if one["where"] else why

    def _format(self, name: str) -> str:
        return messages.catalogue(self.language)[f"format.{name}"]

    def _name(self, names: str, index: int) -> str:
        """The name of a month or a weekday, counted from 0."""
        return self._format(names).split()[index]

    def _group_digits(self, value: int) -> str:
        return self.number(value)

    def _show(self, name: str, value: Any) -> str:
        if value is None:
            return "?"
        if name == "month" and isinstance(value, date):
            return f"{self._name('full_months', value.month - 1)} {value.year}"
        if isinstance(value, date):
            return self.day(value)
        if name in ("cost", "saving", "now", "best", "waiting", "threshold"):
            return self.money(value)
        if name == "probability":
            return self.number(100 * value)
        if name == "certainty":
            return self.text(f"certainty.{value}").lower()
        if name == "distance_m":
            return self.number(value, 1)
        return self.number(value) if isinstance(value, int | float) else str(value)
