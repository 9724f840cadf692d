"""The data dictionary says of every published field what it is, as the code has it now."""

from __future__ import annotations

import pytest

from geo_service.store.collections import COLLECTIONS
from geo_service.store.features import FEATURES
from scripts import data_dictionary
from scripts.data_dictionary import origin, unit

PAGE = data_dictionary.TARGET.read_text(encoding="utf-8")


def test_the_page_is_what_the_script_writes() -> None:
    assert data_dictionary.page() == PAGE, "run: python -m scripts.data_dictionary"


def test_every_field_of_files_and_of_ogc_api_is_in_it() -> None:
    sections = {part.partition(" ")[0]: part for part in PAGE.split("\n## ")[1:]}
    assert list(sections) == list(dict.fromkeys((*FEATURES, *COLLECTIONS)))
    for published in (COLLECTIONS, FEATURES):
        for name, one in published.items():  # type: ignore[attr-defined]
            assert [field for field in one.fields if f"| `{field}` |" not in sections[name]] == []


@pytest.mark.parametrize(
    ("field", "expected"),
    [("distance_m", "m"), ("overlap_m2", "m²"), ("cost_eur", "€"), ("gap_days", "days"), ("starts_on", "day"), ("updated_at", "instant (UTC)"), ("owner", "")],
)  # fmt: skip
def test_a_field_has_the_unit_of_its_name(field: str, expected: str) -> None:
    assert unit(field) == expected


def test_a_field_comes_from_its_columns() -> None:
    works, conflicts = FEATURES["works"].fields, FEATURES["conflicts"].fields
    assert origin(works["title"]) == "`works.title`"
    assert origin(works["ends_on"]) == "`phases.done`, `phases.during`"
    assert origin(conflicts["distance_m"]) == "`conflicts.facts`"
    assert origin(conflicts["street"]) == "`pavement_sections.street`, `streets.name`"
