"""A folder of claims and rules, for engines without our database: GeoParquet by place and month, with a manifest that says what is in it.

manifest.json                                         version, day, parameters, rows and digest of each file
rules.parquet                                         the rules in force
claims/place=<east>_<north>/month=<YYYY-MM>/claims.parquet
"""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import parquet

from geo_service import db
from geo_service.analysis import schema
from geo_service.domain.claims import CLAIM_KINDS
from geo_service.domain.errors import InvalidInput
from geo_service.domain.rules import Rule
from geo_service.store import rules as rule_store

PACKAGE = "geo_service.analysis"
MANIFEST = "manifest.json"
RULES = "rules.parquet"
SQUARE_M = 25_000
"""The side of a place: a province has about ten, so that a file of Flanders holds thousands of claims."""


@dataclass(frozen=True)
class File:
    """A file of the folder: its path in it, its rows and its SHA-256."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """A folder that is whole. `today`: the day for which it was written; `since`: its history begins there (null: no history)."""

    folder: Path
    today: date
    since: date | None
    unsure_clearance_m: float
    rules: tuple[Rule, ...]
    files: tuple[File, ...]

    @property
    def claims(self) -> int:
        """How many claims it holds."""
        return sum(file.rows for file in self.files)

    @property
    def paths(self) -> list[str]:
        """The files of claims."""
        return [str(self.folder / file.path) for file in self.files]

    def origin(self) -> dict[str, Any]:
        """What tells this folder and these rules from others, for those who find a result of it later."""
        manifest = _digest(self.folder / MANIFEST)
        rules = [asdict(rule) for rule in self.rules]
        return {
            "version": schema.VERSION,
            "today": self.today,
            "since": self.since,
            "manifest_sha256": manifest,
            "rules": rules,
        }

    def rule_table(self) -> pa.Table:
        """The rules, as `schema.RULES`."""
        return pa.Table.from_pylist([asdict(rule) for rule in self.rules], schema.RULES)

    def claim_tables(self) -> Iterator[pa.Table]:
        """The claims file by file, as `schema.claims()`."""
        return (parquet.read_table(path, schema=schema.claims(), partitioning=None) for path in self.paths)


def write(
    conn: sa.Connection,
    out: Path,
    today: date,
    unsure_clearance_m: float,
    rules: Sequence[Rule],
    since: date | None = None,
) -> Dataset:
    """Write the claims that `conn` sees, and `rules`, into the new folder `out`, which is there whole or not at all.

    Raises InvalidInput about `out` when there is such a folder already, or it cannot be made.
    """
    if out.exists():
        raise InvalidInput.one("out", "batch_folder.exists", given=str(out))
    try:
        unfinished = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name}."))
        try:
            files = tuple(_claims(conn, unfinished))
            dataset = Dataset(out, today, since, unsure_clearance_m, tuple(rules), files)
            of_rules = _file(unfinished, RULES, dataset.rule_table())
            manifest = json.dumps(_manifest(dataset, of_rules), indent=1)
            (unfinished / MANIFEST).write_text(manifest, encoding="utf-8")
            unfinished.chmod(0o755)
            unfinished.rename(out)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise InvalidInput.one("out", "not_writable", given=str(out), error=error.strerror) from error
    return dataset


def read(folder: Path) -> Dataset:
    """The folder, once everything that its manifest names is there and unchanged.

    Raises InvalidInput about `claims`: no manifest, another version, a file that is missing, changed or not in the manifest, rules that
    name kinds of claims that do not exist.
    """
    content = _read_manifest(folder)
    try:
        of_rules, files = File(**content["rules"]), tuple(File(**file) for file in content["files"])
        today = date.fromisoformat(content["today"])
        since = date.fromisoformat(content["since"]) if content["since"] else None
        unsure_clearance_m = float(content["parameters"]["unsure_clearance_m"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput.one("claims", "batch_manifest.unreadable", file=MANIFEST) from error
    _check_list(folder, {file.path for file in (of_rules, *files)})
    _check(folder, of_rules, schema.RULES)
    for file in files:
        _check(folder, file, schema.claims())
    dataset = Dataset(
        folder,
        today,
        since,
        unsure_clearance_m,
        tuple(_rules(folder)),
        files,
    )
    if dataset.claims != content["claims"]:
        raise InvalidInput.one("claims", "batch_manifest.rows", given=dataset.claims, known=content["claims"])
    return dataset


def _claims(conn: sa.Connection, folder: Path) -> Iterator[File]:
    """The claims place by place, so that memory holds one place."""
    for square in db.fetch(conn, PACKAGE, "places", square_m=SQUARE_M):
        rows = db.fetch(conn, PACKAGE, "claims_of_place", square_m=SQUARE_M, **square)
        for month, of_month in itertools.groupby(rows, key=lambda row: row["month"]):
            path = f"claims/place={square['east']}_{square['north']}/month={month}/claims.parquet"
            yield _file(folder, path, pa.Table.from_pylist(list(of_month), schema.claims()))


def _file(folder: Path, path: str, table: pa.Table) -> File:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, target, compression="zstd")
    return File(path, table.num_rows, _digest(target))


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest(dataset: Dataset, of_rules: File) -> dict[str, Any]:
    return {
        "version": schema.VERSION,
        "today": dataset.today.isoformat(),
        "since": dataset.since and dataset.since.isoformat(),
        "parameters": {"unsure_clearance_m": dataset.unsure_clearance_m},
        "claims": dataset.claims,
        "rules": asdict(of_rules),
        "files": [asdict(file) for file in dataset.files],
    }


def _read_manifest(folder: Path) -> dict[str, Any]:
    """What the manifest says, once it is one of this version."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = content["version"]
    except OSError as error:
        raise InvalidInput.one(
            "claims", "batch_manifest.missing", given=str(folder), file=MANIFEST
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput.one("claims", "batch_manifest.unreadable", file=MANIFEST) from error
    if version != schema.VERSION:
        raise InvalidInput.one("claims", "batch_manifest.version", given=version, known=schema.VERSION)
    if _MANIFEST_NAMES - content.keys():
        raise InvalidInput.one("claims", "batch_manifest.unreadable", file=MANIFEST)
    return dict(content)


_MANIFEST_NAMES = {"today", "since", "parameters", "claims", "rules", "files"}


def _check_list(folder: Path, wanted: set[str]) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    for path in sorted(wanted - there):
        raise InvalidInput.one("claims", "batch_file.missing", file=path)
    for path in sorted(there - wanted):
        raise InvalidInput.one("claims", "batch_file.unlisted", file=path)


def _check(folder: Path, file: File, columns: pa.Schema) -> None:
    if _digest(folder / file.path) != file.sha256:
        raise InvalidInput.one("claims", "batch_file.changed", file=file.path)
    read_columns = parquet.read_schema(folder / file.path)
    if not read_columns.equals(columns):
        differing = sorted(set(map(str, read_columns)) ^ set(map(str, columns)))
        raise InvalidInput.one("claims", "batch_file.columns", file=file.path, columns=differing)


def _rules(folder: Path) -> Iterator[Rule]:
    for row in parquet.read_table(folder / RULES, schema=schema.RULES).to_pylist():
        if unknown := sorted({*row["kinds_a"], *row["kinds_b"]} - set(CLAIM_KINDS)):
            rule = row["id"]
            raise InvalidInput.one(
                "claims", "batch_kinds_unknown", rule=rule, given=unknown, known=CLAIM_KINDS
            )
        yield rule_store.from_row(row)
