"""Records which test runs which line of the service, which SQL file and which module of the page: a plugin of pytest.

    .venv/bin/pytest -p scripts.touched tests/store tests/api
    .venv/bin/pytest -p scripts.touched --numprocesses=2 --dist=loadfile tests

Later records add to earlier ones. What a test starts as a process of its own is not seen.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import coverage
import pytest

from geo_service import sql
from scripts.records import TEMPLATE, Records

PROJECT = Path(__file__).parent.parent


class Recorder:
    """Follows one process of tests: coverage sees the lines of Python, the loader of SQL its files, the browser's requests its modules."""

    def __init__(self) -> None:
        self.test = ""
        """The test that runs, or the fixture."""
        self._seconds: dict[str, float] = {}
        self._files: dict[str, set[str]] = {}
        source = [str(PROJECT / "geo_service")]
        self._coverage = coverage.Coverage(data_file=None, source=source, config_file=False, messages=False)

    def start(self) -> None:
        """Begin to follow; before the tests are collected."""
        statement = sql.statement

        def followed(package: str, name: str, **constants: sql.Constant) -> sql.Statement:
            for file in _sql_files(package, name):
                self._note(file)
            return statement(package, name, **constants)

        sql.statement = followed  # type: ignore[assignment]
        self._coverage.start()

    def begin(self, test: str) -> None:
        """The test whose lines follow."""
        if test != self.test:
            self.test = test
            self._coverage.switch_context(test)

    def add(self, test: str, seconds: float) -> None:
        """The seconds of one part of a test."""
        self._seconds[test] = self._seconds.get(test, 0) + seconds

    def requested(self, address: str) -> None:
        """A module of the page that a browser asked for."""
        path = urlsplit(address).path
        if path.endswith(".js") and "/static/" in path:
            inside = path[path.index("/static/") + 1 :]
            self._note(PROJECT / "geo_service" / "viewer" / inside)

    def _note(self, file: Path) -> None:
        self._files.setdefault(str(file), set()).add(self.test)

    def save(self) -> None:
        """Add all to the records."""
        self._coverage.stop()
        with warnings.catch_warnings(action="ignore", category=coverage.exceptions.CoverageWarning):
            lines = self._coverage.get_data()
        Records(PROJECT).add(lines, self._files, self._seconds)


def _sql_files(package: str, name: str) -> Iterator[Path]:
    """The file of a statement, and those that it includes (`\\ir part.sql`)."""
    waiting, seen = [(PROJECT / package.replace(".", "/") / f"{name}.sql").resolve()], set[Path]()
    while waiting:
        file = waiting.pop()
        if file in seen or not file.exists() or not file.is_relative_to(PROJECT):
            continue
        seen.add(file)
        yield file
        lines = file.read_text(encoding="utf-8").splitlines()
        parts = [line.split()[1] for line in lines if line.lstrip().startswith("\\ir ")]
        waiting += [(file.parent / part).resolve() for part in parts]


recorder = Recorder()


def pytest_configure(config: pytest.Config) -> None:
    """Start where tests are run."""
    if _runs_tests(config):
        recorder.start()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """All values of a test's parameters count as one test."""
    recorder.begin(item.nodeid.partition("[")[0])


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """What the template of all databases is made of does not belong to the test that is the first to need one."""
    if fixturedef.argname != TEMPLATE:
        return (yield)
    test = recorder.test
    recorder.begin(TEMPLATE)
    try:
        return (yield)
    finally:
        recorder.begin(test)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Each part: set-up, call, tear-down."""
    recorder.add(report.nodeid.partition("[")[0], report.duration)


@pytest.fixture(autouse=True)
def _follow_pages(request: pytest.FixtureRequest) -> None:
    if "browser" not in request.fixturenames:
        return
    browser = request.getfixturevalue("browser")
    if hasattr(browser, "follows_pages"):
        return
    new_context = browser.new_context

    def followed(**options: Any) -> Any:
        context = new_context(**options)
        context.on("request", lambda asked: recorder.requested(asked.url))
        return context

    browser.new_context = followed
    browser.follows_pages = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Save what was followed."""
    if _runs_tests(session.config):
        recorder.save()


def _runs_tests(config: pytest.Config) -> bool:
    """Whether this process runs tests, or only hands them out to others."""
    return hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None)
