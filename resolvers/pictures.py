"""Pictures as people send them, made into pictures that are safe to show.

What was sent is judged by what it holds, never by its name; it is decoded and written anew, so
that nothing of it survives but what can be seen: no place where it was taken, no hidden payload.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from db.tables.posts import MediaPurpose
from resolvers.refusals import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PIXELS_MAX = 40_000_000
SQUARE_SIDE = 512
BANNER_SIZE = (1600, 400)
LONGEST_SIDE = 2048
# Of WebP; above 80 the files grow much faster than what an eye can tell.
QUALITY = 82
FIELD = ("file",)
# What Pillow raises over data that is damaged or made up.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    OverflowError,
    EOFError,
    struct.error,
    zlib.error,
)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture that was written anew."""

    content: bytes
    width: int
    height: int
    content_type: str = "image/webp"
    extension: str = "webp"


def rewrite(content: bytes, purpose: MediaPurpose) -> Picture:
    """Give what is to be seen in a picture, of the size that its purpose has. Takes a while.

    Of an animation it is the first frame. A logo is fitted into a square and a portrait cropped to
    one, of 512 pixels; a banner is cropped to 1,600 x 400; any other picture has at most 2,048
    pixels on its longest side. Nothing is enlarged.

    Raises:
        InvalidInput: It is no picture, a damaged one, or one of more than 40 million pixels.
    """
    try:
        # The header alone is read here, so that a bomb is refused before it goes off.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height > PIXELS_MAX:
                raise _too_many_pixels()
            return _written(_sized(_plain(_decoded(image, purpose)), purpose))
    except TOO_LARGE as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise InvalidInput("media.no_picture", field=FIELD) from error
    except DAMAGED as error:
        raise InvalidInput("media.damaged", field=FIELD) from error


def _too_many_pixels() -> InvalidInput:
    return InvalidInput("media.too_many_pixels", field=FIELD, limit=PIXELS_MAX // 1_000_000)


def _decoded(image: Image.Image, purpose: MediaPurpose) -> Image.Image:
    least = LONGEST_SIDE if purpose in {MediaPurpose.IMAGE, MediaPurpose.BANNER} else SQUARE_SIDE
    # A JPEG is decoded at a fraction of its size when that is still large enough.
    image.draft("RGB", (least, least))
    image.load()
    return ImageOps.exif_transpose(image)


def _plain(image: Image.Image) -> Image.Image:
    """Give the colours as every screen understands them, with transparency where there is some."""
    profile = image.info.get("icc_profile")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except ImageCms.PyCMSError:
            # A profile that makes no sense: the colours are taken as they stand.
            converted = None
        image = converted or image
    return image.convert(wanted)


def _sized(image: Image.Image, purpose: MediaPurpose) -> Image.Image:
    match purpose:
        case MediaPurpose.AVATAR:
            side = min(SQUARE_SIDE, *image.size)
            return ImageOps.fit(image, (side, side))
        case MediaPurpose.LOGO:
            side = min(SQUARE_SIDE, max(image.size))
            return ImageOps.pad(image.convert("RGBA"), (side, side), color=(0, 0, 0, 0))
        case MediaPurpose.BANNER:
            wide, high = BANNER_SIZE
            width = min(wide, image.width, image.height * wide // high)
            return ImageOps.fit(image, (width, max(1, width * high // wide)))
        case _:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return image


def _written(image: Image.Image) -> Picture:
    image.info.clear()
    written = io.BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    return Picture(written.getvalue(), image.width, image.height)
