"""Each field of each collection has a name and a meaning, and each collection its layers and colours."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from geo_service import i18n
from geo_service.domain.alternatives import Verdict
from geo_service.domain.claims import ClaimKind
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.requests import RequestState
from geo_service.domain.works import Certainty, WorksKind
from geo_service.exports import drawing, styles
from geo_service.i18n import Translator
from geo_service.presentation import fields
from geo_service.store.collections import COLLECTIONS
from geo_service.store.features import FEATURES
from tests.serving import TODAY

PLACE = ("lon", "lat")
PUBLISHED = {
    name: {
        field for one in (COLLECTIONS.get(name), FEATURES.get(name)) if one for field in ("id", *one.fields)
    }
    for name in {*COLLECTIONS, *FEATURES}
}
"""The fields of files and of OGC API, by collection."""


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_field_has_a_name_and_a_meaning(language: Any) -> None:
    translator = Translator(language, TODAY)
    for name, own in PUBLISHED.items():
        for field in (*own, *PLACE):
            assert fields.title(name, field, translator) and fields.meaning(name, field, translator)


def test_two_columns_of_a_collection_never_have_one_name() -> None:
    translator = Translator("nl", TODAY)
    for name, collection in COLLECTIONS.items():
        titles = [fields.title(name, field, translator) for field in collection.fields]
        assert sorted({one for one in titles if titles.count(one) > 1}) == [], name


def test_no_word_is_left_over_in_the_dictionary() -> None:
    known = {field for own in PUBLISHED.values() for field in own} | {*PLACE}
    known |= {field[2:] for field in known if field.startswith(("a_", "b_"))}
    known |= {f"{name}.{field}" for name, own in PUBLISHED.items() for field in own}
    words = {key.removeprefix("dictionary.").removesuffix(".meaning") for key in i18n.sentences("nl") if key.startswith("dictionary.")}  # fmt: skip
    assert {word for word in words - known if not word.startswith(("head", "sheet"))} == set()


def test_codes_are_words_and_other_values_stay() -> None:
    translator = Translator("nl", TODAY)
    assert fields.value("works", "certainty", "planned", translator) == "Concreet gepland"
    assert fields.value("conflicts", "b_certainty", "planned", translator) == "Concreet gepland"
    assert fields.value("works", "category", "urgent", translator) != "urgent"
    assert fields.value("conflicts", "a_kind", "opening", translator) == "Openbraak"
    assert fields.value("protections", "kind", "repair", translator) == "Herstelling"
    assert fields.value("pavements", "side", "even", translator) == "even zijde"
    assert fields.value("works", "title", "planned", translator) == "planned"
    assert fields.value("works", "certainty", None, translator) is None


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    ("collection", "field", "codes"),
    [
        ("works", "certainty", Certainty), ("works", "kind", WorksKind), ("repairs", "status", RepairStatus), ("repairs", "urgency", Urgency),
        ("repairs", "scope", Scope), ("repairs", "category", RepairCategory), ("repairs", "verdict", Verdict), ("conflicts", "b_kind", ClaimKind),
        ("conflicts", "status", Status), ("conflicts", "severity", Severity), ("requests", "state", RequestState),
    ],
)  # fmt: skip
def test_the_words_of_a_field_are_those_of_its_codes(
    collection: str, field: str, codes: Any, language: Any
) -> None:
    group = fields.codes_of(collection, field)
    assert group
    assert set(get_args(codes)) == set(fields.codes(group, Translator(language, TODAY)))


def test_each_collection_has_a_drawing_and_a_style() -> None:
    assert set(COLLECTIONS) == set(drawing.LAYERS) == set(drawing.LABELS)
    assert set(styles.STYLES) == {*COLLECTIONS, "holds", "requests"}
    for name in ("holds", "requests"):
        assert styles.STYLES[name].field in FEATURES[name].fields
    for name, collection in COLLECTIONS.items():
        assert {*drawing.LAYERS[name], *drawing.LABELS[name], styles.STYLES[name].field} <= set(
            collection.fields
        )


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("works", Certainty),
        ("repairs", RepairStatus),
        ("conflicts", Severity),
        ("holds", Urgency),
        ("requests", RequestState),
    ],
)
def test_each_code_has_a_colour_of_its_own(name: str, codes: Any) -> None:
    colours = styles.STYLES[name].colours
    assert set(colours) == set(get_args(codes))
    assert len(set(colours.values())) == len(colours)


def test_a_drawing_names_the_last_day() -> None:
    layout = SimpleNamespace(collection="works")
    works = {"source_id": "P-1", "starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 15)}
    assert drawing._label(works, layout) == "P-1 2026-10-01 2026-10-14"  # type: ignore[arg-type]
