"""Which test runs which line of the service, as `scripts/touched.py` recorded it."""

from __future__ import annotations

import difflib
import fcntl
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import coverage

FIRST_LINE = 1
"""Stands for a whole file, where only its use is seen: SQL, JavaScript."""
TEMPLATE = "template"
"""The fixture of a migrated database; its lines stand under this name."""


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout  # nosec B607 # the developer's own git


@dataclass
class Records:
    """The records in the folder `.tools` of a checkout. Tests are named `file::function`, whatever their parameters."""

    project: Path
    seconds: dict[str, float] = field(default_factory=dict)
    """By test; filled by `load`."""
    _lines: coverage.CoverageData | None = None
    _commit: str = ""

    @property
    def _file(self) -> Path:
        return self.project / ".tools" / "touched.coverage"

    def load(self) -> None:
        """Read what there is; nothing is no error."""
        about = self._file.with_suffix(".json")
        if about.exists():
            content = json.loads(about.read_text(encoding="utf-8"))
            self.seconds, self._commit = content["seconds"], content["commit"]
            self._lines = coverage.CoverageData(basename=str(self._file))
            self._lines.read()

    @property
    def has_template(self) -> bool:
        """Whether it was recorded what the template of all databases is made of."""
        return self._lines is not None and TEMPLATE in self._lines.measured_contexts()

    def add(
        self, lines: coverage.CoverageData, files: Mapping[str, set[str]], seconds: Mapping[str, float]
    ) -> None:
        """Add what one process saw; one process at a time. Records of another commit are forgotten."""
        with self._file.with_suffix(".lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            commit = _git(self.project, "rev-parse", "HEAD").strip()
            self.load()
            if self._commit != commit:
                self._file.unlink(missing_ok=True)
                self.seconds = {}
            records = coverage.CoverageData(basename=str(self._file))
            records.read()
            records.update(lines)
            for file, tests in files.items():
                for test in tests:
                    records.set_context(test)
                    records.add_lines({file: [FIRST_LINE]})
            records.write()
            all_seconds = self.seconds | {test: round(took, 2) for test, took in seconds.items()}
            content = {"commit": commit, "seconds": all_seconds}
            self._file.with_suffix(".json").write_text(json.dumps(content, indent=1), encoding="utf-8")

    def tests_at(self, file: Path, line: int) -> set[str]:
        """The tests that run a line as it is now (`TEMPLATE` may be among them); empty when none does, or none was recorded."""
        if self._lines is None:
            return set()
        path = next((one for one in self._lines.measured_files() if one.endswith(f"/{file}")), None)
        if path is None:
            return set()
        by_line = self._lines.contexts_by_lineno(path)
        wanted = FIRST_LINE if file.suffix != ".py" else self._line_then(file, line)
        near = max((one for one in by_line if one <= wanted), default=None)  # a statement over several lines
        return set() if near is None else {test for test in by_line[near] if test}

    def _line_then(self, file: Path, line: int) -> int:
        """The number that a line of HEAD had when the tests were recorded."""
        now, then = (
            _git(self.project, "show", f"{commit}:{file}").splitlines() for commit in ("HEAD", self._commit)
        )
        if now == then:
            return line
        for _, start, end, start_then, end_then in difflib.SequenceMatcher(
            None, now, then, autojunk=False
        ).get_opcodes():
            if start <= line - 1 < end:
                return min(start_then + line - start, max(end_then, 1))
        return line
