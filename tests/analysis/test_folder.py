"""A folder of claims is whole, or it is refused: with the file and what is wrong with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pytest
from pyarrow import parquet

from geo_service import db
from geo_service.analysis import dataset
from geo_service.analysis.dataset import Dataset
from geo_service.domain.errors import InvalidInput
from tests.analysis.conftest import Written, write
from tests.serving import TODAY


@pytest.fixture
def folder(demo: Written, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(demo[1].folder, tmp_path / "claims"))


def manifest(folder: Path, **changes: Any) -> None:
    path = folder / dataset.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def a_file(folder: Path) -> Path:
    return sorted(folder.rglob("claims.parquet"))[0]


def rewritten(folder: Path, path: Path, table: pa.Table) -> None:
    """The file with other content, and the manifest that fits it."""
    parquet.write_table(table, path)
    content = json.loads((folder / dataset.MANIFEST).read_text())
    for file in (content["rules"], *content["files"]):
        if file["path"] == path.relative_to(folder).as_posix():
            file["sha256"] = dataset._digest(path)
    (folder / dataset.MANIFEST).write_text(json.dumps(content))


def cut_off(folder: Path) -> None:
    a_file(folder).write_bytes(a_file(folder).read_bytes()[:-100])


def without_a_month(folder: Path) -> None:
    shutil.rmtree(a_file(folder).parent)


def without_a_month_and_its_line(folder: Path) -> None:
    gone = a_file(folder)
    content = json.loads((folder / dataset.MANIFEST).read_text())
    manifest(folder, files=[one for one in content["files"] if folder / one["path"] != gone])
    gone.unlink()


def with_a_stranger(folder: Path) -> None:
    shutil.copy(a_file(folder), folder / "claims" / "more.parquet")


def with_another_column(folder: Path) -> None:
    table = parquet.read_table(a_file(folder), partitioning=None)
    rewritten(folder, a_file(folder), table.append_column("colour", pa.array(["red"] * table.num_rows)))


def with_unknown_kinds(folder: Path) -> None:
    table = parquet.read_table(folder / dataset.RULES)
    place = table.schema.get_field_index("kinds_b")
    words = pa.array([["flood"]] * table.num_rows, pa.list_(pa.string()))
    rewritten(folder, folder / dataset.RULES, table.set_column(place, table.schema.field(place), words))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / dataset.MANIFEST).unlink(), "has no manifest.json"),
        (
            lambda folder: (folder / dataset.MANIFEST).write_text('{"version": 1'),
            "manifest.json cannot be read",
        ),
        (
            lambda folder: (folder / dataset.MANIFEST).write_text('{"version": 1}'),
            "manifest.json cannot be read",
        ),
        (lambda folder: manifest(folder, version=2), "written as version 2; this service reads version 1"),
        (cut_off, "is not what was written: changed, or cut off half-way"),
        (without_a_month, "is missing, which the manifest names"),
        (without_a_month_and_its_line, "the manifest names files with"),
        (with_a_stranger, "claims/more.parquet is not in the manifest"),
        (with_another_column, "has other columns than this version reads: .*colour"),
        (with_unknown_kinds, "names flood, which are no kinds of claims; there are opening, "),
    ],
)
def test_what_is_not_whole_is_refused(folder: Path, damage: Callable[[Path], object], sentence: str) -> None:
    damage(folder)
    with pytest.raises(InvalidInput, match=f"^claims: .*{sentence}"):
        dataset.read(folder)


def test_a_folder_is_read_as_it_was_written(demo: Written) -> None:
    assert dataset.read(demo[1].folder) == demo[1]


def test_each_claim_is_in_one_file_of_its_place_and_month(demo: Written) -> None:
    engine, data = demo
    with engine.connect() as conn:
        [(stored,)] = conn.exec_driver_sql("SELECT count(*) FROM claims").fetchall()
    assert data.claims == stored == sum(table.num_rows for table in data.claim_tables())
    frame = gpd.read_parquet(data.paths[0])
    _, place, month, _ = data.files[0].path.split("/")
    east, north = map(int, place.removeprefix("place=").split("_"))
    middles = frame.geometry.centroid
    assert (middles.x // dataset.SQUARE_M == east).all() and (middles.y // dataset.SQUARE_M == north).all()
    assert {f"{day:%Y-%m}" for day in frame["starts"]} == {month.removeprefix("month=")}
    assert frame.crs.to_epsg() == 31370


def test_the_same_claims_make_the_same_files(demo: Written, tmp_path: Path) -> None:
    with db.read(demo[0]) as conn:
        again = write(conn, tmp_path / "again", TODAY)
    assert again.files == demo[1].files


def test_a_folder_that_is_there_is_left_alone(demo: Written, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with db.read(demo[0]) as conn, pytest.raises(InvalidInput, match=r"^out: .*here is there already"):
        write(conn, tmp_path / "here", TODAY)


def test_a_folder_that_cannot_be_finished_is_not_there(
    demo: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(_: Dataset, __: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dataset, "_manifest", disk_full)
    with db.read(demo[0]) as conn, pytest.raises(InvalidInput, match=r"^out: .*No space left on device"):
        write(conn, tmp_path / "here", TODAY)
    assert list(tmp_path.iterdir()) == []
