"""docs/how-to/add-an-entity.md, done as it says on a copy of the code: the field is stored, compared and answered, the entity is kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from geo_service.store import migrate
from tests.serving import box

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/how-to/add-an-entity.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^ *```(diff|python)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
BLOCKS = [(kind, textwrap.dedent(text)) for kind, text in BLOCK.findall(PAGE)]
DIFFS = [text for kind, text in BLOCKS if kind == "diff"]
MIGRATION, MODULE = (text for kind, text in BLOCKS if kind == "python")
TREES = """
def upgrade() -> None:
    from geo_service.store.tables.facts import trees
    trees.create(op.get_bind())
"""
TRIAL = Path(__file__).with_name("entity_trial.py")
TIMEOUT_S = 120


def edit(folder: Path, diff: str) -> None:
    """Apply one block of the page: its old lines stand in the file once, its new ones replace them."""
    name, _, body = diff.removeprefix("--- ").partition("\n")
    file = folder / name
    lines = [line for line in body.splitlines() if line]
    old = "\n".join(line[1:] for line in lines if line[0] != "+")
    new = "\n".join(line[1:] for line in lines if line[0] != "-")
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{name} has no lines {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code after all that the page says."""
    folder = tmp_path_factory.mktemp("entity")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("geo_service", "data/cities", "data/mappings"):
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    for diff in DIFFS:
        edit(folder, diff)
    versions = folder / "geo_service/store/migrations/versions"
    first = MIGRATION.replace("<next>", "next").replace("<newest>", migrate.newest())
    (versions / "next_permit.py").write_text(first, encoding="utf-8")
    head = MIGRATION.partition("\ndef upgrade")[0].replace("<next>", "last").replace("<newest>", "next")
    (versions / "last_trees.py").write_text(head + TREES, encoding="utf-8")
    (folder / "geo_service/store/trees.py").write_text(MODULE, encoding="utf-8")
    return folder


def test_the_field_and_the_entity_of_the_page_work(copy: Path, fresh_database: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(copy), "GEO_DATABASE_URL": fresh_database}
    done = subprocess.run(
        [sys.executable, str(TRIAL), json.dumps(box(0, 0, 20, 2))],
        cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "created": "OMV-2026-0470123456",
        "changed": "OMV-2",
        "kept": "OMV-2",
        "outcomes": ["created", "unchanged", "changed"],
        "mapped": "P-7",
        "species": "Tilia",
    }
