"""A copy of HEAD in which tests are played with a fault, in a process that has the libraries at hand and on a cluster that keeps running."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import re
import select
import signal
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Self

import psycopg
import pytest

from geo_service.cluster import DATABASE, Cluster
from scripts.faults import PROJECT, Fault, git
from scripts.quick import imports
from scripts.records import TEMPLATE, Records
from tests.fingerprint import VARIABLE, fingerprint

LIBRARIES = (
    "fastapi", "geopandas", "httpx", "hypothesis", "mapbox_vector_tile", "openpyxl", "PIL.Image", "playwright.sync_api", "procrastinate",
    "pyarrow.parquet", "pydantic_settings", "pyogrio", "rdflib", "sqlalchemy.dialects.postgresql", "standardwebhooks", "structlog", "typer",
    "uvicorn",
)  # fmt: skip
"""What takes seconds to import; once, before the fork."""
MADE_ONCE = re.compile("(template|demo)_[0-9a-f]{16}")
TABLES = "geo_service.store.tables"
OURS = {"geo_service", "scripts", "tests"}
HISTORIES = "10"
"""Random histories of the proof that the full run is the truth: a dozen seconds of them."""
SLOWER = 4
LEAST_S = 150
UNSEEN_S = 8.0
STEADY = ("tests/unit/", "tests/detection/", "tests/coordination/", "tests/store/")
"""They wait for nobody: a fault need be red there only once."""
LONG = (
    "test_full_run_is_the_truth", "test_day_change", "test_parallel_workers", "test_no_race", "test_rule_lifecycle", "test_lanes", "test_worker",
    "test_webhook", "test_http", "test_imports", "test_import_requests", "test_imports_stopped", "test_imports_apart", "test_golden_race", "test_slots",
    "test_too_much", "test_demo_city", "test_demo_gipod", "test_privacy", "test_every_source",
)  # fmt: skip
UNSEEN_LONG_S = 60.0
"""What a test file takes that was not played yet, and one of these."""


def _forget(names: Set[str]) -> None:
    """Have modules imported anew: neither the interpreter nor their package knows them then."""
    for name in names & set(sys.modules):
        del sys.modules[name]
        package, _, last = name.rpartition(".")
        if package in sys.modules and hasattr(sys.modules[package], last):
            delattr(sys.modules[package], last)


class Copy:
    """HEAD in another folder, with a PostgreSQL of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seconds_file = folder.parent / f"{folder.name}-seconds.json"
        self._report = folder.parent / f"{folder.name}-report.xml"
        self._records = Records(PROJECT)
        self._seconds: dict[str, float] = {}
        self._sound: dict[str, bool] = {}
        self.unsound: list[str] = []
        """What was red without the last fault too: it said nothing of it."""
        self._templates: set[str] = set()

    def __enter__(self) -> Self:
        for name in LIBRARIES:
            importlib.import_module(name)
        if self.folder.exists():  # what Python compiled in it is still good
            head = git("rev-parse", "HEAD").strip()
            git("-C", str(self.folder), "checkout", "--quiet", "--force", "--detach", head)
        else:
            git("worktree", "add", "--force", "--detach", str(self.folder), "HEAD")
        # outside the copy, so that what takes long to make (the demo city) is there the next time
        home = self.folder.parent / f"{self.folder.name}-home"
        home.mkdir(exist_ok=True)
        (self.folder / ".tools").mkdir(exist_ok=True)
        if not (self.folder / ".tools" / "test-home").exists():
            (self.folder / ".tools" / "test-home").symlink_to(home)
        modules = self.folder / "node_modules"  # axe, and the compiler that reads the page's types
        if not modules.exists():
            modules.symlink_to(PROJECT / "node_modules")
        if self._seconds_file.exists():
            self._seconds = json.loads(self._seconds_file.read_text(encoding="utf-8"))
        self._records.load()
        self._import_service()
        self._sound_code = fingerprint(self.folder)
        # a test run stops the cluster when nobody else holds this
        self._users = (home / "users.lock").open("w")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        self._cluster = Cluster(home, durable=False)
        self._cluster.start()
        self._drop_databases(keep_templates=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.stop()
        self._users.close()

    def _import_service(self) -> None:
        """Import the sound modules of the copy once, for all that are played."""
        _forget({name for name in sys.modules if name.partition(".")[0] in OURS})
        sys.dont_write_bytecode = False
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        elsewhere = (PROJECT, PROJECT / "scripts")
        sys.path = [str(self.folder), *(one for one in sys.path if Path(one).resolve() not in elsewhere)]
        for name, file in self._modules():
            if not {"bench", "migrations"} & set(file.parts) and file.stem != "__main__":
                importlib.import_module(name)
        gc.freeze()

    def _modules(self) -> Iterator[tuple[str, Path]]:
        for path in sorted((self.folder / "geo_service").rglob("*.py")):
            parts = path.relative_to(self.folder).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path

    def _dependents(self, file: Path) -> set[str]:
        """A module and all that import it, directly or by way of others."""
        if file.suffix != ".py":
            return set()
        users: dict[str, set[str]] = {}
        for name, path in self._modules():
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            for other in imports(path.read_text(encoding="utf-8"), package):
                users.setdefault(other, set()).add(name)
        waiting, dependents = [".".join(file.with_suffix("").parts).removesuffix(".__init__")], set[str]()
        while waiting:
            name = waiting.pop()
            if name not in dependents:
                dependents.add(name)
                waiting += users.get(name, ())
        tables = f"{TABLES}."  # the tables stand in one MetaData, which takes none twice
        return set(sys.modules) if any(f"{name}.".startswith(tables) for name in dependents) else dependents

    def test_files(self) -> Iterator[tuple[str, str]]:
        """Path and text of each."""
        for path in sorted((self.folder / "tests").rglob("test_*.py")):
            yield str(path.relative_to(self.folder)), path.read_text(encoding="utf-8")

    def seconds_of(self, test: str) -> float:
        """How long a file or a function takes, as far as that was seen."""
        long = UNSEEN_LONG_S if Path(test).stem in LONG else UNSEEN_S
        return self._seconds.get(test, self._records.seconds.get(test, long))

    def tests_at(self, fault: Fault) -> set[str]:
        """The tests that run the line of a fault, as far as they were recorded."""
        return self._records.tests_at(fault.file, fault.line) - {TEMPLATE}

    def first_red(self, tests: list[str], fault: Fault) -> str | None:
        """The test that notices a fault: it is red twice (once where nothing is waited for), and green without the fault. One that is not does not count."""
        if not self._changes_template(fault):  # the databases that the sound code made serve as well
            os.environ[VARIABLE] = self._sound_code
        else:
            os.environ.pop(VARIABLE, None)
        self.unsound = []
        while tests:
            red = self._red_with(tests, fault)
            if red is None:
                return None
            test, file = red.partition("[")[0], red.partition("::")[0]
            played = test if test in tests else file
            alone = [red if "::test_" in red else file]
            # on a busy machine a test may fail by itself
            if not self._is_sound(alone):
                self.unsound += alone
            elif red.startswith(STEADY) or self._red_with(alone, fault):
                return red
            rest = [one for one in tests if one != played]
            tests = rest if len(rest) < len(tests) else [one for one in tests if not one.startswith(file)]
        return None

    def _red_with(self, tests: list[str], fault: Fault) -> str | None:
        with self._changed(fault):
            red = self._play(tests, self._dependents(fault.file))
        self._drop_databases(keep_templates=VARIABLE in os.environ)
        return red

    def _is_sound(self, tests: list[str]) -> bool:
        """Whether they are green without any fault; those of the page are asked each time, as they wait for what a browser does."""
        [test] = tests
        if test.startswith("tests/viewer/") or test not in self._sound:
            self._sound[test] = self._play(tests) is None
            self._drop_databases(keep_templates=True)
        return self._sound[test]

    def _changes_template(self, fault: Fault) -> bool:
        if fault.file.suffix == ".js":
            return False
        if not self._records.has_template or fault.runs_at_import:
            return True
        return TEMPLATE in self._records.tests_at(fault.file, fault.line) or "migrations" in fault.file.parts

    @contextlib.contextmanager
    def _changed(self, fault: Fault) -> Iterator[None]:
        path = self.folder / fault.file
        sound = path.read_text(encoding="utf-8")
        lines = sound.splitlines(keepends=True)
        lines[fault.line - 1] = fault.after + "\n"
        path.write_text("".join(lines), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(sound, encoding="utf-8")

    def _play(self, tests: list[str], changed: Set[str] = frozenset()) -> str | None:
        """The first test that is red; "without end" when they take far too long."""
        report = self._report
        report.unlink(missing_ok=True)
        limit_s = LEAST_S + SLOWER * sum(map(self.seconds_of, tests))
        process = os.fork()
        if process == 0:
            self._become_pytest(tests, report, changed)
        watched = os.pidfd_open(process)
        ended, _, _ = select.select([watched], [], [], limit_s)
        os.close(watched)
        if not ended:
            os.killpg(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        if not ended:
            return f"{tests[0]}::without end"
        return self._read(report, whole_files=not any("::" in one for one in tests)) or (
            None if status == 0 else f"{tests[0]}::does not even begin"
        )

    def _become_pytest(self, tests: list[str], report: Path, changed: Set[str]) -> None:
        os.setsid()
        os.chdir(self.folder)
        with Path(os.devnull).open("w") as nowhere, (report.with_suffix(".txt")).open("w") as said:
            os.dup2(nowhere.fileno(), 2)
            os.dup2(said.fileno(), 1)
        os.environ.update(HISTORIES=HISTORIES, PYTHONPATH=str(self.folder))
        os.environ.setdefault("GEO_SHARED", str(PROJECT.parent / "shared"))
        _forget(
            {
                one
                for one in sys.modules
                if one.partition(".")[0] in OURS and (one in changed or not one.startswith("geo_service"))
            }
        )
        imported = "ignore::pytest.PytestAssertRewriteWarning"  # the libraries are, on purpose
        words = [
            "-W",
            imported,
            "-q",
            "-x",
            "--no-header",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            *tests,
        ]
        code = 3
        try:
            code = int(pytest.main(words))
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _read(self, report: Path, *, whole_files: bool) -> str | None:
        """The red test of a report, and how long each test file took that was played to its end."""
        if not report.exists():
            return None
        red, seconds = None, dict[str, float]()
        for case in ET.parse(report).iter("testcase"):  # nosec B314 # the report of our own pytest
            parts = (case.get("classname") or case.get("name") or "").split(".")
            end = next((i for i, part in enumerate(parts) if part.startswith("test_")), len(parts) - 1)
            file = "/".join(parts[: end + 1]) + ".py"
            seconds[file] = seconds.get(file, 0.5) + float(case.get("time") or 0)
            if case.find("failure") is not None or case.find("error") is not None:
                red = f"{file}::{case.get('name')}"
        if red:
            seconds.pop(red.partition("::")[0], None)
        for name, took in (
            seconds.items() if whole_files else ()
        ):  # the least, as other work on the machine adds to it
            self._seconds[name] = round(min(took, self._seconds.get(name, took)), 1)
        self._seconds_file.write_text(json.dumps(self._seconds, indent=1), encoding="utf-8")
        return red

    def _drop_databases(self, *, keep_templates: bool) -> None:
        """All but the templates that the sound code made."""
        with psycopg.connect(self._cluster.url_of("postgres"), autocommit=True) as connection:
            names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if keep_templates:
            self._templates |= {one for one in names if MADE_ONCE.fullmatch(one)}
        for name in names - {"postgres", "template0", "template1", DATABASE, *self._templates}:
            self._cluster.drop_database(name)
