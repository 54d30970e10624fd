"""Pictures and files for tests, made as small as they can be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (40, 20),
    *,
    colour: Any = (200, 30, 30),
    **options: Any,
) -> bytes:
    """Make a picture of one colour."""
    mode = "RGBA" if len(colour) == 4 else "RGB"
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def bomb(side: int) -> bytes:
    """Make a PNG of a few bytes that says it has `side` x `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    pixels = zlib.compress(b"\0" * 1_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def packed(*parts: tuple[str, str]) -> bytes:
    """Make a zip with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    """Read a picture."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
