"""The sentences of errors and rejections: one catalogue per language, `geo_service/locales/messages.<language>.json`.

The code that refuses something names a reason and its parameters, never a sentence. A reason is a stable code (`not_a_url`), with a
variant after a dot (`not_a_url.user`) where English has several sentences for one code.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from typing import Any, cast

OWN_WORDS = "words"
"""The parameter for a sentence that a mapping or a file of services brings along; it needs no translation."""


def code_of(reason: str) -> str:
    """The stable code of a reason, without its variant."""
    return reason.partition(".")[0]


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """All templates of a language, by reason."""
    file = importlib.resources.files("geo_service").joinpath("locales", f"messages.{language}.json")
    return cast(Mapping[str, str], json.loads(file.read_text(encoding="utf-8")))


def template(language: str, reason: str, params: Mapping[str, Any]) -> str | None:
    """The template for a reason; None when the language has none.

    A language needs no template for a variant: without one, the template `code.name` applies for the first parameter
    `name` that has a value, else that of the code. A stored reason may lack its variant.
    """
    texts, code = catalogue(language), code_of(reason)
    present = (f"{code}.{name}" for name, value in params.items() if value not in (None, "", []))
    key = next((key for key in (reason if reason != code else "", *present) if key in texts), code)
    return texts.get(key)


def english(reason: str, params: Mapping[str, Any]) -> str:
    """The English sentence for a reason; the reason itself when the catalogue has none."""
    if OWN_WORDS in params:
        return str(params[OWN_WORDS])
    sentence = template("en", reason, params)
    return reason if sentence is None else sentence.format_map({n: _english(v) for n, v in params.items()})


def _english(value: Any) -> Any:
    """A parameter for a template: a list as text, everything else as it is."""
    if not isinstance(value, list | tuple):
        return value
    if value and isinstance(value[0], Mapping):
        return "; ".join(f"{one['where']}: {one['message']}".removeprefix(": ") for one in value)
    return ", ".join(map(str, value))
