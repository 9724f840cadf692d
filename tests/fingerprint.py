"""One word for the state of the service's code: what tests make once is good as long as it stays."""

import hashlib
import os
from pathlib import Path

VARIABLE = "CODE_FINGERPRINT"
"""Names another state, whose databases serve as well: a small fault in code that makes none of them (`scripts/mutants.py`)."""


def fingerprint(project: Path) -> str:
    """The fingerprint of all Python and SQL of the service in a checkout."""
    files = sorted(path for path in (project / "geo_service").rglob("*") if path.suffix in {".py", ".sql"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def fingerprint_in_force(project: Path) -> str:
    """That of `VARIABLE`, or of the checkout."""
    return os.environ.get(VARIABLE) or fingerprint(project)
