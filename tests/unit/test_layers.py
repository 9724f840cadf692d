"""The lists of map layers are complete: no file of a layer is forgotten in the tile, on the map or by the other side."""

from __future__ import annotations

import re
from pathlib import Path

from geo_service.ogc.tiles import LAYERS

PACKAGE = Path(__file__).parents[2] / "geo_service"
SQL = PACKAGE / "ogc" / "layers"
SCRIPTS = PACKAGE / "viewer" / "static" / "js" / "map" / "layers"
INDEX = (SCRIPTS / "index.js").read_text(encoding="utf-8")
SOURCES = {
    path.name: re.findall(r'^  source: "(\w+)",$', path.read_text(encoding="utf-8"), re.MULTILINE)
    for path in SCRIPTS.glob("*.js")
    if path.name != "index.js"
}


def names_in(variable: str) -> list[str]:
    block = INDEX.partition(f"{variable} = [\n")[2].partition("];")[0]
    return re.findall(r"^  (\w+),$", block, re.MULTILINE)


def test_every_select_of_a_layer_is_in_the_tile_once() -> None:
    tile = (PACKAGE / "ogc" / "tile.sql").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\\ir layers/(\w+)\.sql$", tile, re.MULTILINE)) == sorted(
        path.stem for path in SQL.glob("*.sql")
    )


def test_other_programs_are_told_of_every_layer_in_the_order_of_the_tile() -> None:
    tile = (PACKAGE / "ogc" / "tile.sql").read_text(encoding="utf-8")
    asked = re.findall(r"CASE WHEN :(\w+) THEN \(\n\\ir layers/(\w+)\.sql", tile)
    assert asked == [(name, name) for name in LAYERS]


def test_every_select_names_its_layer_as_its_file_and_says_what_a_feature_is() -> None:
    for path in SQL.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"ST_AsMVT\(t, '(\w+)'", text) == [path.stem]
        assert "One feature: " in text.partition("\nSELECT")[0]


def test_every_script_of_a_layer_is_drawn_once_and_draws_what_a_tile_has() -> None:
    imports = dict(re.findall(r'import \{ (\w+) \} from "\./(\w+\.js)"', INDEX))
    assert sorted(imports.values()) == sorted(SOURCES)
    assert sorted(names_in("LAYERS")) == sorted(imports)
    from_afar = re.findall(r'"source-layer": "(\w+)"', (SCRIPTS.parent / "by_street.js").read_text("utf-8"))
    drawn = {*from_afar, *(source for sources in SOURCES.values() for source in sources)}
    assert drawn <= set(LAYERS)
    for_others = {"new_surfaces"}  # the page draws all protected ground instead
    assert {name for name, layer in LAYERS.items() if not layer.by_name} - drawn == for_others
    assert {name: len(sources) for name, sources in SOURCES.items() if len(sources) != 1} == {}


def test_every_layer_with_a_line_for_the_legend_is_in_the_legend() -> None:
    imports = dict(re.findall(r'import \{ (\w+) \} from "\./(\w+\.js)"', INDEX))
    with_line = {
        name
        for name, file in imports.items()
        if "  legend: {" in (SCRIPTS / file).read_text(encoding="utf-8")
    }
    assert len(names_in("LEGEND")) == len(with_line)
    assert set(names_in("LEGEND")) == with_line
