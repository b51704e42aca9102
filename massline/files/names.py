"""Compares a file's name with what the file is."""

from massline.files.reasons import NotAccepted, Reason

CLAIMS = {
    **dict.fromkeys(("jpg", "jpeg", "jfif", "png", "webp", "heic", "heif", "gif", "bmp"), Reason.PICTURE_BROKEN),
    "pdf": Reason.PDF_BROKEN,
    **dict.fromkeys(("docx", "xlsx"), Reason.OFFICE_BROKEN),
}


def check_name(name: str, kind: str) -> None:
    """Refuses a text that calls itself a picture or a document, with what to do about such a one: its sender meant to
    add something else, which is lost. Raises NotAccepted. Any other name is put right and refuses nothing."""
    ending = name.rpartition(".")[2].lower()
    if kind == "text" and ending in CLAIMS:
        raise NotAccepted(CLAIMS[ending])
