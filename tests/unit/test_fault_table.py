"""The table of faults: each line is a test that is there, and the page says the same faults."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scripts.fault_table import FAULTS, Fault, line

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_played_by_a_test_that_is_there(fault: Fault) -> None:
    file, _, name = fault.test.partition("::")
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    assert name.partition("[")[0] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_page_tells_of_each_fault() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [fault.name for fault in FAULTS if f"| {fault.name} | {fault.view} |" not in page] == []


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        (
            "<testcase><properties><property name='recovery_s' value='1.2'/><property name='lost' value='0'/></properties></testcase>",
            ("1.2 s", "0"),
        ),
        ("<testcase/>", ("at once", "0")),
        ("<testcase><failure/></testcase>", ("**failed**", "?")),
        ("<testcase><skipped/></testcase>", ("not played here", "?")),
    ],
)
def test_a_line_says_what_became_of_it(xml: str, cells: tuple[str, str]) -> None:
    assert line(FAULTS[0], [ET.fromstring(xml)])[2:] == cells
