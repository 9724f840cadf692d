"""Files beside a remark on a conflict, or at the handover of a building project: what they may be, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

AttachmentKind = Literal["pdf", "photo"]
ATTACHMENT_KINDS: tuple[str, ...] = get_args(AttachmentKind)
MOST_OF_A_REMARK = 5
MOST_OF_A_CONFLICT = 20
MOST_OF_A_PROJECT = 50
MAX_PDF_BYTES = 10 * 1024 * 1024
"""The largest PDF (bytes); a photo is made smaller before it is stored."""
_HEAD, _TAIL = b"%PDF-", b"%%EOF"
_TAIL_WITHIN = 1024
"""Bytes at the end of a PDF in which its last line stands (ISO 32000-1, annex H.3.18)."""


def is_pdf(content: bytes) -> bool:
    """Whether these bytes begin and end as a PDF does."""
    return content.startswith(_HEAD) and _TAIL in content[-_TAIL_WITHIN:]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file as it is stored: a PDF as it came, or a JPEG without what a camera wrote in it."""

    kind: AttachmentKind
    content: bytes
