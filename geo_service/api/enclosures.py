"""The files that a form brings, told apart by their content: PDF files as they came, photos encoded anew."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from geo_service.domain.attachments import MAX_PDF_BYTES, MOST_OF_A_REMARK, Enclosure, is_pdf
from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.open311 import photos
from geo_service.open311.photos import File


def prepare(files: Sequence[File]) -> list[Enclosure]:
    """Return the files as they are stored, told apart by their content. Raises InvalidInput: all or nothing is kept."""
    if not files:
        raise InvalidInput.one("file", "missing.file")
    if len(files) > MOST_OF_A_REMARK:
        raise InvalidInput.one("file", "attachments_too_many", limit=MOST_OF_A_REMARK)
    return [_enclosure(file) for file in files]


def _enclosure(file: File) -> Enclosure:
    content = file.content.read(max(MAX_PDF_BYTES, photos.MAX_BYTES) + 1)
    if is_pdf(content):
        if len(content) > MAX_PDF_BYTES:
            raise InvalidInput.one("file", "attachment_too_large", limit=MAX_PDF_BYTES)
        return Enclosure("pdf", content)
    pictures, unfit = photos.prepare([File(file.name, BytesIO(content))])
    if unfit:
        raise InvalidInput([_remark(unfit[0])])
    return Enclosure("photo", pictures[0].content)


def _remark(unfit: FieldError) -> FieldError:
    """What is neither a photo nor a PDF is told so; other remarks on a photo stay."""
    if unfit.reason == "photo_not_readable":
        return FieldError("file", "attachment_unknown", {"known": f"PDF, {', '.join(photos.FORMATS)}"})
    return FieldError("file", unfit.reason, unfit.params)
