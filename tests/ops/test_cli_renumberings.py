"""Records under new ids on the command line: told by the import, listed, confirmed in one step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.publisher import MAPPING, record
from tests.ops.test_cli import Shell
from tests.ops.test_cli_rules import told


@pytest.fixture
def shell(fresh_database: str, tmp_path: Path) -> Iterator[Shell]:
    """A command line beside the mapping of a publisher."""
    mapping = tmp_path / "renewals.toml"
    mapping.write_text(MAPPING.format(source="renewals", target="repairs"), encoding="utf-8")
    for name in ("old", "new"):
        features = {"type": "FeatureCollection", "features": [record(name)]}
        (tmp_path / f"{name}.geojson").write_text(json.dumps(features), encoding="utf-8")
    yield Shell(fresh_database, tmp_path)


def test_what_an_import_recognises_is_told_listed_and_confirmed(shell: Shell, tmp_path: Path) -> None:
    mapping = str(tmp_path / "renewals.toml")
    shell.run("import", "repairs", str(tmp_path / "old.geojson"), "--mapping", mapping)
    done = shell.run("import", "repairs", str(tmp_path / "new.geojson"), "--mapping", mapping)
    said = " ".join(done.stderr.split())
    assert "geo-service renumberings confirm --source renewals" in said
    assert "old is nu new, op dezelfde dagen" in said
    [listed] = told(shell, "renumberings", "list")
    assert (listed["old_source_id"], listed["new_source_id"], listed["status"]) == ("old", "new", "suggested")
    assert "een van de drie" in shell.run("renumberings", "confirm", code=2).stderr
    confirmed = shell.run("renumberings", "confirm", "--all").stdout
    assert confirmed.strip() == "Hernummeringen bevestigd: 1."
    again = shell.run("renumberings", "refuse", listed["id"], code=2)
    assert again.stderr.strip() == f"geo-service: over hernummering {listed['id']} is al beslist"
