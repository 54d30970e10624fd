"""Files that people hang on a post: told by what they hold, of a few kinds that are safe to hand on."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from resolvers import checking
from resolvers.refusals import InvalidInput

NAME_MAX = 200
FIELD = ("file",)
PDF = b"%PDF-"
PDF_END = b"%%EOF"
ZIP = b"PK\x03\x04"
# The end of a PDF stands in its last bytes; some writers add blanks.
PDF_END_WITHIN = 2_048
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
# The part that every document of the kind has.
MAIN_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
# Programs inside a document: what it says it is would not be what it does.
MACRO_PARTS = frozenset({"vbaproject.bin", "vbadata.xml"})


@dataclass(frozen=True)
class Document:
    """What a file is, and how it is called."""

    extension: str
    name: str

    @property
    def content_type(self) -> str:
        """Its media type."""
        return CONTENT_TYPES[self.extension]


def recognise(content: bytes, name: str) -> Document:
    """Tell what a file is by what it holds; its name gets the ending that fits.

    Raises:
        InvalidInput: It is empty, damaged, of a kind that is not taken, or its name is no name.
    """
    if not content:
        raise InvalidInput("media.empty", field=FIELD)
    cleaned = checking.text(
        PurePosixPath(name.replace("\\", "/")).name, "name", at_most=NAME_MAX, at_least=0
    )
    ending = PurePosixPath(cleaned).suffix.removeprefix(".").lower()
    if content.startswith(PDF):
        extension = "pdf" if PDF_END in content[-PDF_END_WITHIN:] else None
    elif content.startswith(ZIP):
        extension = _packed(content)
    else:
        extension = _text(content, ending)
    if extension is None:
        raise InvalidInput("media.kind_of_file", field=FIELD)
    stem = cleaned or "file"
    shown = stem if ending == extension else f"{stem}.{extension}"
    return Document(extension, shown)


def _packed(content: bytes) -> str | None:
    """Tell which document a zip is, by the names of its parts; nothing is unpacked but 64 bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if any(PurePosixPath(name).name.lower() in MACRO_PARTS for name in names):
                return None
            if names[0] == "mimetype":
                with packed.open("mimetype") as part:
                    kind = part.read(64).decode("ascii", "replace")
                return "odt" if kind == CONTENT_TYPES["odt"] else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, IndexError, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)


def _text(content: bytes, ending: str) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(character < " " and character not in "\t\n\r\f" for character in set(text)):
        return None
    return "csv" if ending == "csv" else "txt"
