"""Only what is damaged is called so, and what is told is never the English of a library."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo_service.domain.errors import SourceUnreachable
from geo_service.i18n import Translator
from geo_service.intake.formats import vector
from tests.intake import papers
from tests.intake.reading import came, simple

DUTCH = Translator("nl", date(2026, 11, 23))


def said(path: Path, mapping: str = "") -> str:
    with pytest.raises(SourceUnreachable) as refused:
        came(path, mapping or simple())
    return DUTCH.error(refused.value)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ('{"type": "FeatureCollection", "features": [{"a": NaN}]}', "NaN"), ('{"type": "FeatureCollection", "features": [{"a": 1},]}', ",]"),
        ('{"features": [{"a": 1}]} en nog iets', "en nog"), ("{\"features\": [{'a': 1}]}", "'a'"),
    ],
)  # fmt: skip
def test_json_with_a_mistake_in_it_is_named_where_it_is(tmp_path: Path, text: str, near: str) -> None:
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
    told = said(tmp_path / "a.geojson")
    assert told.startswith("a.geojson is geen geldige JSON, bij") and near in told


def test_json_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text('{"features": [{"a": 1}', encoding="utf-8")
    assert "beschadigd of afgebroken" in said(tmp_path / "a.geojson")


@pytest.mark.parametrize("write", [papers.geopackage, papers.gml, papers.kml])
@pytest.mark.parametrize("error", [RuntimeError("Unsupported frobnication"), ValueError("cannot cast"), SystemError("x")])  # fmt: skip
def test_a_sound_file_that_a_library_does_not_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path], error: Exception
) -> None:
    def refuse(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(vector, "_rows", refuse)
    told = said(write(tmp_path), papers.MAPPING)
    assert "is niet beschadigd" in told and str(error) not in told
