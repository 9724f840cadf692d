"""What the table in docs/architecture.md says stays true."""

from pathlib import Path

from scripts import counts

PROJECT = Path(counts.__file__).parent.parent


def test_no_file_is_longer_than_a_reader_holds() -> None:
    names = [
        name for name in counts.files_of(PROJECT) if not name.startswith((counts.MIGRATIONS, *counts.OTHERS))
    ]
    assert [*counts.long_files(PROJECT, names)] == []
