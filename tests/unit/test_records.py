"""Which tests run a line is known as well after the line has moved."""

import subprocess
from pathlib import Path

from coverage import CoverageData

from scripts.records import Records

FILE, TEST = Path("geo_service/one.py"), "tests/unit/test_one.py::test_it"


def commit(project: Path, content: str) -> None:
    (project / FILE).write_text(content, encoding="utf-8")
    who = ("-c", "user.name=Els", "-c", "user.email=els@example.org")
    for words in (("add", str(FILE)), (*who, "commit", "--quiet", "--message", "One")):
        subprocess.run(["git", *words], cwd=project, check=True)


def test_a_line_that_moved_is_still_run_by_its_tests(tmp_path: Path) -> None:
    (tmp_path / "geo_service").mkdir()
    (tmp_path / ".tools").mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    commit(tmp_path, "a = 1\n\n\ndef f():\n    return a\n")
    lines = CoverageData(no_disk=True)
    lines.set_context(TEST)
    lines.add_lines({str(tmp_path / FILE): [5]})
    Records(tmp_path).add(lines, {"/x/geo_service/one.sql": {TEST}}, {TEST: 0.2})
    commit(tmp_path, "import os\n\na = 1\n\n\ndef f():\n    return a\n")

    records = Records(tmp_path)
    records.load()

    assert records.seconds == {TEST: 0.2}
    assert records.tests_at(FILE, 7) == {TEST}
    assert records.tests_at(FILE, 3) == set(), "it is run when the module is imported"
    assert records.tests_at(Path("geo_service/one.sql"), 40) == {TEST}
    assert records.tests_at(Path("geo_service/other.py"), 1) == set()
