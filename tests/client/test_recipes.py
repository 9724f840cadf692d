"""The Python of the how-to page, run as it stands there, against the running service."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.serving import Service

PAGE = (PROJECT / "docs" / "how-to" / "notebook.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_each_recipe_of_the_page_runs(
    demo_server: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(RECIPES) == 4
    names: dict[str, object] = {}
    for recipe in RECIPES:
        ours = recipe.replace("http://127.0.0.1:8000", demo_server.url)
        exec(ours.replace("gs_…", demo_server.keys["viewer"]), names)
    names["client"].close()  # type: ignore[attr-defined]
    assert "wait" in capsys.readouterr().out
    assert "leaflet" in (tmp_path / "kaart.html").read_text(encoding="utf-8")
