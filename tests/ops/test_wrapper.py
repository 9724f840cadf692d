"""The commands as the README writes them, on a machine where uv is not on the PATH."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
BARE = {"PATH": "/usr/bin:/bin", "LANG": "nl_BE.UTF-8"}


def test_the_command_line_needs_no_uv_on_the_path(tmp_path: Path) -> None:
    command = [PROJECT / "geo-service", "settings", "--json"]
    done = subprocess.run(command, env=BARE, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert {row["variable"] for row in json.loads(done.stdout)} >= {"GEO_HOME", "GEO_PORT"}


def test_it_may_be_called_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "geo").symlink_to(PROJECT / "geo-service")
    done = subprocess.run([tmp_path / "geo", "--help"], env=BARE, capture_output=True, text=True, check=True)
    assert "geo-service" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_counts_on_uv_to_run_what_lies_in_the_checkout(page: Path) -> None:
    assert re.findall(r"uv run (?:geo-service|pytest|python).*", page.read_text(encoding="utf-8")) == []
