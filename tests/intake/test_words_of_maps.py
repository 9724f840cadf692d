"""The words by which the mappings of Flemish maps find things: which of them stand in a sample, and which we only know from a description."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from geo_service.intake.base_maps.bundles import GRB_LAYERS
from geo_service.intake.mapping.library import load_mapping
from tests.unit.test_docs import cells

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "import-ground.md"
SAMPLES = {
    "grb-parcels": "grb-parcels-leuven/parcels_leuven_centre_31370.geojson.gz",
    "building-register": "buildings-baarle-2024/buildings_31370.geojson.gz",
    "wegenregister": "wegenregister-hoegaarden-2023/segments_around.geojson",
}
WITHOUT_SAMPLE = {"grb-buildings", "grb-kerbs", "grb-roads", "address-register"}


def properties(path: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [one["properties"] for one in json.loads(text)["features"]]


def test_each_flemish_map_has_a_sample_or_is_named_as_one_without() -> None:
    assert {*GRB_LAYERS.values(), "building-register"} == {*SAMPLES, *WITHOUT_SAMPLE}
    told = {
        row[0].strip("`"): row[1]
        for row in cells(PAGE.read_text(encoding="utf-8"), "| Mapping | Proven by |")
    }
    assert {name for name, proof in told.items() if proof.startswith("nothing")} == WITHOUT_SAMPLE
    assert told.keys() == {*SAMPLES, *WITHOUT_SAMPLE}


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_each_field_of_a_mapping_stands_in_its_sample(shared: Path, name: str) -> None:
    found = {key for one in properties(shared / "data" / "real" / SAMPLES[name]) for key in one}
    mapping = load_mapping(name)
    assert all(found & set(field.from_) for field in mapping.fields.values())
    assert {rule.field for rule in mapping.skip} <= found


@pytest.mark.shared
def test_the_states_of_the_road_register_are_those_of_its_own_table(shared: Path, tmp_path: Path) -> None:
    delivery = shared / "data" / "real" / "wegenregister-hoegaarden-2023" / "extract.zip"
    with zipfile.ZipFile(delivery) as archive:
        archive.extract("WegsegmentLktStatus.dbf", tmp_path)
    table = pyogrio.read_dataframe(tmp_path / "WegsegmentLktStatus.dbf", read_geometry=False)
    states = {str(state) for state in table.iloc[:, 1]}
    left_out = {str(word) for rule in load_mapping("wegenregister").skip for word in rule.is_}
    assert left_out < states
    assert states - left_out == {"niet gekend", "in aanbouw", "in gebruik"}


@pytest.mark.shared
def test_no_sample_has_a_type_word_of_grb_yet(shared: Path) -> None:
    """The day one has, compare its words with those of the mappings, and say so on the page."""
    real = shared / "data" / "real"
    named = {key.lower() for path in SAMPLES.values() for one in properties(real / path) for key in one}
    assert "lbltype" not in named


@pytest.mark.parametrize(
    ("word", "kind"),
    [("grens circulatiezone zwakke weggebruiker", "kerb"), ("rand van de rijbaan", None), ("grens onverharde zone", None)],
)  # fmt: skip
def test_the_three_types_of_the_object_catalogue_are_told_apart(word: str, kind: str | None) -> None:
    mapping = load_mapping("grb-kerbs")
    pattern = mapping.fields["kind"].pattern
    assert pattern is not None
    found = re.search(pattern, word)
    assert found is not None and mapping.kind.get(found[1]) == kind
