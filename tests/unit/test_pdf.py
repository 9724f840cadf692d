"""A PDF of our own."""

from PIL import ImageFile

from geo_service import pdf


def test_a_pdf_leaves_the_reading_of_photos_as_it_was() -> None:
    assert pdf.render("nl", "Titel", "<p>Tekst</p>").startswith(b"%PDF-")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES, "half a photo would be taken for a whole one"
