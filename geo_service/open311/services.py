"""The services of GeoReport: our categories of repair, with the questions of each.

A `service_code` is a category; the locale files hold the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo_service.domain.errors import FieldError
from geo_service.domain.repairs import REPAIR_CATEGORIES, Scope, Urgency
from geo_service.i18n import Translator


@dataclass(frozen=True, slots=True)
class Attribute:
    """One optional question with a fixed list of answers (`singlevaluelist`)."""

    code: str
    keys: tuple[str, ...]


# In the order of the questions; the answers from light to grave.
ATTRIBUTES = (
    Attribute("hindrance", ("none", "hinders", "dangerous")),
    Attribute("extent", ("spot", "section")),
)

# A citizen's "dangerous" is not verified yet: it is urgent, and an inspector calls it a danger.
URGENCIES: Mapping[str, Urgency] = {"none": "low", "hinders": "normal", "dangerous": "high"}
SCOPES: Mapping[str, Scope] = {"spot": "spot", "section": "section"}


def service_list(translator: Translator) -> list[dict[str, Any]]:
    """GET services."""
    return [
        {
            "service_code": code,
            "service_name": translator.text(f"category.{code}"),
            "description": translator.text(f"open311.{code}.description"),
            "metadata": True,
            "type": "realtime",
            "keywords": translator.text(f"open311.{code}.keywords"),
            "group": translator.text("open311.group"),
        }
        for code in REPAIR_CATEGORIES
    ]


def definition(code: str, translator: Translator) -> dict[str, Any]:
    """GET service definition of a known service."""
    attributes = [
        {
            "variable": True,
            "code": one.code,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": None,
            "order": place,
            "description": translator.text(f"open311.attribute.{one.code}"),
            "values": [
                {"key": key, "name": translator.text(f"open311.attribute.{one.code}.{key}")}
                for key in one.keys
            ],
        }
        for place, one in enumerate(ATTRIBUTES, start=1)
    ]
    return {"service_code": code, "attributes": attributes}


def answer_meanings(attributes: Mapping[str, Sequence[str]]) -> tuple[Urgency, Scope, list[FieldError]]:
    """The answers for the repair, and a remark on each unknown one, which counts as not answered."""
    remarks: list[FieldError] = []
    answers = {one.code: _choice(one, attributes.get(one.code, ()), remarks) for one in ATTRIBUTES}
    return URGENCIES[answers["hindrance"] or "hinders"], SCOPES[answers["extent"] or "spot"], remarks


def _choice(attribute: Attribute, values: Sequence[str], remarks: list[FieldError]) -> str | None:
    """The gravest of the answers; the list goes from light to grave."""
    chosen = {value for value in values if value}
    if chosen - set(attribute.keys):
        remarks.append(FieldError(f"attribute[{attribute.code}]", "not_in_list", {"known": attribute.keys}))
    return next((key for key in reversed(attribute.keys) if key in chosen), None)
