"""`geo-service batch …`, as a person types it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyarrow import parquet

from geo_service.analysis import dataset, pairs
from geo_service.postgres import free_port
from scripts.spark_cluster import SparkCluster, kill
from tests.analysis.conftest import SPARK, Written
from tests.ops.processes import command
from tests.serving import TODAY

LANGUAGE = {"nl": "nl_BE.UTF-8", "en": "en_GB.UTF-8"}


def run(demo: Written, folder: Path, *words: str, language: str = "nl", code: int = 0) -> subprocess.CompletedProcess[str]:  # fmt: skip
    env = {
        **os.environ,
        "GEO_DATABASE_URL": demo[0].url.render_as_string(hide_password=False),
        "GEO_TODAY": TODAY.isoformat(),
        "LANG": LANGUAGE[language],
    }
    done = command(("batch", *words), env, folder)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def past(demo: Written, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The claims of the last weeks, for commands that only read them."""
    folder = tmp_path_factory.mktemp("past")
    run(demo, folder, "claims", "--out", "past", "--since", "2026-11-01")
    return folder / "past"


def test_claims_go_out_and_both_engines_say_the_same_hash(demo: Written, tmp_path: Path) -> None:
    made = json.loads(run(demo, tmp_path, "claims", "--out", "c", "--json").stdout)
    assert (made["claims"], made["files"]) == (demo[1].claims, len(demo[1].files))
    told = [
        json.loads(run(demo, tmp_path, "detect", "--claims", "c", "--engine", name, "--out", f"{name}.parquet", "--json").stdout)
        for name in ("postgis", "sedonadb")
    ]  # fmt: skip
    assert [one["engine"] for one in told] == ["postgis", "sedonadb"]
    assert told[0].keys() == {"engine", "claims", "pairs", "sha256", "seconds"}
    assert told[0] == told[1] | {"engine": "postgis", "seconds": told[0]["seconds"]}
    written = parquet.read_table(tmp_path / "sedonadb.parquet")
    assert (written.num_rows, pairs.digest(written)) == (told[1]["pairs"], told[1]["sha256"])
    origin = json.loads(written.schema.metadata[pairs.ORIGIN.encode()])
    assert (origin["engine"], origin["sha256"]) == ("sedonadb", told[1]["sha256"])
    assert (
        origin["manifest_sha256"]
        == hashlib.sha256((tmp_path / "c" / "manifest.json").read_bytes()).hexdigest()
    )
    in_force = dataset.read(tmp_path / "c").rules
    assert {rule["id"]: rule["version"] for rule in origin["rules"]} == {
        rule.id: rule.version for rule in in_force
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "postgis.parquet", "sedonadb.parquet"]


def test_the_past_is_told_by_year_and_owner(demo: Written, tmp_path: Path) -> None:
    run(demo, tmp_path, "claims", "--out", "past", "--since", "2021-11-23")
    words = (
        "backtest",
        "--claims",
        "past",
        "--engine",
        "sedonadb",
        "--out",
        "p.parquet",
        "--rule",
        "wasted_repair",
    )
    told = json.loads(run(demo, tmp_path, *words, "--json").stdout)
    assert told["since"] == "2021-11-23"
    assert sum(row["pairs"] for row in told["years"]) == told["pairs"] > 0
    assert {row["rule"] for row in told["owners"]} == {"wasted_repair"}
    wider = json.loads(run(demo, tmp_path, *words, "--change", "clearance_m=10", "--json").stdout)
    assert wider["pairs"] > told["pairs"]
    table = run(demo, tmp_path, *words, "--wide").stdout
    assert "ontmoetingen" in table and "proximus" in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("detect", "--claims", "nowhere", "--out", "p"), "claims: nowhere heeft geen manifest.json"),
        (("detect", "--claims", "{demo}", "--out", "p", "--engine", "oracle"), "engine: kies uit: postgis, sedonadb, spark"),
        (("detect", "--claims", "{demo}", "--out", "nowhere/p", "--engine", "sedonadb"), "out: nowhere/p kan niet geschreven worden"),
        (("detect", "--claims", "{demo}", "--out", "p", "--master", "spark://127.0.0.1:1"), "master: alleen met --engine spark"),
        (("detect", "--claims", "{demo}", "--out", "p", "--conf", "spark.a=b"), "conf: alleen met --engine spark"),
        (("detect", "--claims", "{demo}", "--out", "p", "--engine", "spark", "--conf", "a"), "conf: schrijf het als NAAM=WAARDE"),
        (("detect", "--claims", "{demo}", "--out", "p", "--engine", "spark", "--master", "here"), "master: here is geen master van Spark"),
        (("backtest", "--claims", "{demo}", "--out", "p"), "claims: {demo} bevat geen verleden"),
        (("claims", "--out", "{demo}"), "out: {demo} bestaat al"),
        (("claims", "--out", "c", "--since", "2030-01-01"), "since: "),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(demo: Written, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    names = {"demo": demo[1].folder}
    done = run(demo, tmp_path, *(word.format(**names) for word in words), code=2)
    assert done.stderr.startswith(f"geo-service: {said.format(**names)}")
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_master_that_does_not_answer_is_named(demo: Written, tmp_path: Path) -> None:
    master = f"spark://127.0.0.1:{free_port()}"
    words = ("detect", "--claims", str(demo[1].folder), "--out", "p", "--engine", "spark", "--master", master)
    done = run(demo, tmp_path, *words, language="en", code=3)
    assert done.stderr == f"geo-service: no master of Spark answers at {master}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_master_that_dies_is_named_and_nothing_is_written(
    demo: Written, sedona: None, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without a worker, the work is surely still undone when the master dies."""
    with (
        SparkCluster(tmp_path_factory.mktemp("spark"), workers=0) as cluster,
        ThreadPoolExecutor(1) as thread,
    ):
        words = [
            "detect",
            "--claims",
            str(demo[1].folder),
            "--out",
            "p",
            "--engine",
            "spark",
            "--master",
            cluster.master,
        ]
        words += [word for name, value in SPARK.items() for word in ("--conf", f"{name}={value}")]
        future = thread.submit(run, demo, tmp_path, *words, code=3)
        cluster.wait_for("Registered app geo-service")
        kill(cluster.process)
        done = future.result()
    assert (
        done.stderr
        == f"geo-service: de master van Spark op {cluster.master} is weg, er is niets geschreven\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rule", "change", "said"),
    [
        ("flood", "clearance_m=1", "rule: "),
        ("wasted_repair", "clearance_m=900", "clearance_m: "),
        ("wasted_repair", "clearance_m=wide", "clearance_m: "),
        ("wasted_repair", "colour=red", "colour: "),
        ("wasted_repair", "colour=3", "colour: "),
        ("wasted_repair", "before_days=1.5", "before_days: "),
        ("wasted_repair", "same_side=1", "same_side: "),
        ("wasted_repair", "least_count=5", "least_count: "),
        ("accumulated_hindrance", "clearance_m=5", "rule: "),
    ],
)
def test_a_change_that_no_rule_takes_is_named(
    demo: Written, past: Path, tmp_path: Path, rule: str, change: str, said: str
) -> None:
    words = ("backtest", "--claims", str(past), "--out", "p", "--rule", rule, "--change", change)
    assert run(demo, tmp_path, *words, code=2).stderr.startswith(f"geo-service: {said}")
