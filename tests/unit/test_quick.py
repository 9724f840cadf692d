"""`make quick` runs the tests that are nearest to a change."""

from pathlib import Path

import pytest

from scripts.quick import ALWAYS, PROJECT, Sources

FILES = {
    "geo_service/__init__.py": "",
    "geo_service/store/__init__.py": "",
    "geo_service/store/works.py": "",
    "geo_service/store/listing.py": "",
    "geo_service/store/pages.py": "from .listing import page",
    "geo_service/detection/detect.py": "load('detect.sql')",
    "tests/serving.py": "from geo_service.store import works",
    "tests/store/test_works.py": "def test() -> None:\n    from geo_service.store import works",
    "tests/store/test_pages.py": "import geo_service.store.pages",
    "tests/unit/test_listing.py": "",
    "tests/unit/test_detection.py": "from geo_service.detection.detect import run",
    "tests/viewer/test_map.py": "",
    "tests/api/test_api.py": "from tests.serving import running",
}


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("tests/unit/test_listing.py", {"tests/unit/test_listing.py"}),
        ("tests/unit/test_gone.py", set()),
        ("geo_service/store/works.py", {"tests/store/test_works.py"}),
        ("geo_service/store/listing.py", {"tests/unit/test_listing.py", "tests/store/test_pages.py"}),
        ("geo_service/detection/detect.sql", {"tests/unit/test_detection.py"}),
        ("geo_service/viewer/map.js", {"tests/viewer/test_map.py"}),
        ("tests/serving.py", {"tests/api/test_api.py"}),
        ("README.md", set()),
    ],
)
def test_the_nearest_tests_of_a_file(tmp_path: Path, file: str, tests: set[str]) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert Sources.read(tmp_path).tests_of(file) == tests


def test_what_always_runs_is_there() -> None:
    assert [name for name in ALWAYS if not (PROJECT / name).is_file()] == []
