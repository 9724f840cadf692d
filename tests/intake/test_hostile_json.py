"""JSON and feeds without end: each costs one clear line, and bounded memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats import json_files, ogc_features
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord
from tests.intake.hostile_scenes import read
from tests.intake.innames import inname
from tests.intake.test_pages import page, refusal

DEEP = "[" * 100_000 + "]" * 100_000


def test_json_that_is_nested_without_end_is_a_row_or_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(f'{DEEP}\n{{"a": 1}}\n', encoding="utf-8")
    assert [type(one) for one in read(tmp_path / "x.jsonl")] == [InvalidRow, RawRecord]
    assert "no complete JSON" in refusal(lambda *_: (200, "application/json", DEEP.encode()))


@pytest.mark.parametrize("form", ["geojson", "jsonl"])
def test_one_record_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(json_files, "MOST_RECORD", 1 << 20)
    one = json.dumps({"type": "Feature", "properties": {}, "geometry": None})
    large = json.dumps({"type": "Feature", "properties": {"a": [1.5] * 1_000_000}, "geometry": None})
    both = (
        f"{one}\n{large}\n"
        if form == "jsonl"
        else f'{{"type":"FeatureCollection","features":[{one},{large}]}}'
    )
    (tmp_path / f"x.{form}").write_text(both, encoding="utf-8")
    with pytest.raises(SourceUnreachable, match=rf"x\.{form}.*record.* more than 1048576 bytes"):
        read(tmp_path / f"x.{form}")


def test_many_records_are_together_as_long_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_files, "MOST_RECORD", 1 << 20)
    some = [{"type": "Feature", "properties": {"a": "x" * 1000}, "geometry": None}] * 5000
    (tmp_path / "x.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": some}), encoding="utf-8"
    )
    assert len(read(tmp_path / "x.geojson")) == 5000


def test_a_feed_that_always_has_another_page_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ogc_features, "MOST_PAGES", 20)

    def script(_: str, before: int) -> Any:
        return page(inname(before), next_=f"?offset={before + 1}")

    assert "does not end: 20 pages until now" in refusal(script)
