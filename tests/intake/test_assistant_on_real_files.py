"""What the assistant proposes for the files of other cities is what their committed mappings say, or it stands there with a mark."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from geo_service import settings
from geo_service.intake.assistant.proposal import propose
from geo_service.intake.assistant.toml_writer import MARK
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.mapping.library import load_mapping

Target = Literal["works", "repairs"]
WORLD = (-180.0, -85.0, 180.0, 85.0)
FILES: tuple[tuple[str, Target, str], ...] = (
    ("gipod-v1-flanders-2017/works.geojson.gz", "works", "gipod-v1"),
    ("gipod-v2-ldes-2021-2022/hindrances.geojson", "works", "gipod-v2-hindrances"),
    ("osiris-schaerbeek-2025-2026/works_polygons_2025-12-01.geojson.gz", "works", "osiris"),
    ("paris-works-2023-2026/works_2023-12.geojson.gz", "works", "paris-works"),
    ("paris-works-2023-2026/disturbing_works_2023.geojson.gz", "works", "paris-disturbing"),
    ("roadworks-samples/berlin.json", "works", "berlin"),
    ("roadworks-samples/montpellier.json", "works", "montpellier"),
    ("roadworks-samples/avignon.json", "works", "sogelink-orders"),
    ("boston-311-2015/requests.csv.gz", "repairs", "boston-311"),
)
DECISIVE = ("id", "owner", "starts_on", "ends_on", "status", "type")


def marked(text: str) -> set[str]:
    """The keys of the lines that are in doubt, as they are written."""
    return {line.partition(" =")[0].strip('"') for line in text.splitlines() if line.endswith(MARK)}


@pytest.mark.shared
@pytest.mark.parametrize(("path", "target", "mapping"), FILES, ids=lambda value: str(value))
def test_what_is_proposed_without_a_mark_is_what_people_wrote(
    shared: Path, path: str, target: Target, mapping: str
) -> None:
    proposal = propose(
        str(shared / "data" / "real" / path), target, settings.load(region_bbox=WORLD, language="en")
    )
    ours, theirs = parse_mapping(proposal.text, "the proposal"), load_mapping(mapping)
    doubted = marked(proposal.text)
    wrong = [
        (name, rule.from_, theirs.fields[name].from_)
        for name, rule in ours.fields.items()
        if name in DECISIVE
        and name in theirs.fields
        and not set(rule.from_) & set(theirs.fields[name].from_)
        and name not in doubted
    ]
    words = (
        ("status", theirs.status, ours.status),
        ("type", theirs.type, ours.type),
        ("category", theirs.category, ours.category),
    )
    wrong += [
        (word, meant, told[word])
        for field, told, found in words
        if field not in doubted  # then so are its words
        for word, meant in found.items()
        if word in told and told[word] != meant and word.replace('"', '\\"') not in doubted
    ]
    assert wrong == []
