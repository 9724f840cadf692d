"""A wrong mapping, file or use is named with what is wrong in it."""

import gzip
from pathlib import Path

import pytest

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.mapping import library as mappings
from tests.intake.conftest import Import
from tests.intake.mapped_scenes import WORKS, told

__all__ = ["told"]  # fixtures


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"type": "FeatureCollection", "features": [', "no complete GeoJSON"),
        (b"<html>", "page for people"),
        (b"", "is empty"),
        (b'{"type": "Topology"}', "TopoJSON"),
        (b"[1, 2]", "no FeatureCollection"),
        (gzip.compress(b'{"features": []}' * 100, mtime=0)[:-12], "cut off or damaged"),
    ],
)
def test_a_file_that_is_something_else_is_named(
    take_in: Import, tmp_path: Path, told: str, content: bytes, said: str
) -> None:
    path = tmp_path / "works.geojson"
    path.write_bytes(content)
    with pytest.raises(SourceUnreachable, match=said):
        take_in("works", path, mapping=told)


def test_a_file_that_is_not_there_is_named(take_in: Import, tmp_path: Path, told: str) -> None:
    with pytest.raises(SourceUnreachable, match="cannot be read"):
        take_in("works", tmp_path / "none.geojson", mapping=told)


@pytest.mark.parametrize(
    ("source", "mapping", "code"),
    [
        ("gisop", None, "source_unknown"),
        ("works", None, "required"),
        ("works", "nowhere", "mapping_unknown"),
        ("repairs", "osiris", "mapping_target"),
    ],
)
def test_wrong_use_is_named(take_in: Import, source: str, mapping: str | None, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take_in(source, "works.geojson", mapping=mapping)
    assert refused.value.errors[0].code == code


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (WORKS + "\n[nonsense]\n", "nonsense"),
        (WORKS.replace('id = { from = ["Nr"] }', ""), "missing field: id"),
        (WORKS.replace("title =", "tittle ="), "no such field: tittle"),
        (WORKS.replace('"confirmed"', '"sure"', 1), "status"),
        ("about = ", "no TOML"),
        (WORKS.replace('id = { from = ["Nr"] }', "id = { from = ['Nr'], pattern = '(' }"), "no pattern"),
        (WORKS.replace('id = { from = ["Nr"] }', "id = { from = ['Nr'], pattern = '.+' }"), "no group"),
        (WORKS.replace('id = { from = ["Nr"] }', "id = { from = [] }"), "names no column"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_is_wrong_in_it(tmp_path: Path, wrong: str, said: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(InvalidInput, match=said):
        mappings.load_mapping(str(path))


@pytest.mark.parametrize("name", mappings.names())
def test_every_mapping_of_the_project_can_be_read(name: str) -> None:
    assert mappings.load_mapping(name).about.strip()
