"""Readers with a library that is slow to load are imported where such a file is read, not by every command."""

import ast
from pathlib import Path

import geo_service

HEAVY = {"dxf", "geoparquet", "workbook"}
FORMATS = "geo_service.intake.formats"


def imports_at_start(source: str) -> set[str]:
    """The heavy readers that a module imports when it is loaded."""
    nodes = ast.parse(source).body
    return {
        one.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == FORMATS
        for one in node.names
        if one.name in HEAVY
    }


def test_no_module_loads_a_heavy_reader_at_its_start() -> None:
    root = Path(geo_service.__file__).parent
    found = {path.name for path in root.rglob("*.py") if imports_at_start(path.read_text(encoding="utf-8"))}
    assert found == set()
    assert imports_at_start(f"from {FORMATS} import text_table, workbook") == {"workbook"}
    assert imports_at_start(f"def f():\n    from {FORMATS} import workbook") == set()
