"""Error messages for damaged and incomplete files: one line, without the folder of our copy."""

from __future__ import annotations

from pathlib import Path

from geo_service.domain.errors import SourceUnreachable

MAX_QUOTE_CHARACTERS = 200
"""The longest part of a library's message (characters); it may quote the whole file."""


def incomplete(file: Path | str, kind: str, error: Exception, *, noun: str = "file") -> SourceUnreachable:
    """The error for a file that is no complete `kind` of file (*DXF drawing*)."""
    name, why = _name(file), reason(error, file)
    return SourceUnreachable("file_incomplete", file=name, kind=kind, error=why, noun=noun)


def damaged(file: Path, error: Exception) -> SourceUnreachable:
    """The error for a file of the right kind with lost data."""
    why = reason(error, file)
    return SourceUnreachable("file_damaged", file=file.name, error=why)


def not_understood(file: Path, error: Exception) -> SourceUnreachable:
    """The error for a file that seems complete, but that its library cannot read."""
    why = reason(error, file)
    return SourceUnreachable("file_not_understood", file=file.name, error=why)


def reason(error: Exception, file: Path | str) -> str:
    """The message of a library about a file."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    text = lines[0].replace(f"{file.parent}/", "") if isinstance(file, Path) else lines[0]
    return text[:MAX_QUOTE_CHARACTERS]


def _name(file: Path | str) -> str:
    return file.name if isinstance(file, Path) else file
