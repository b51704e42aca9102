"""Sanitizes pictures: draws them anew, upright and of a sensible size, without place, camera or hidden data."""

import io
import re
import struct
import warnings

from PIL import Image, ImageOps

from massline.files.reasons import NotAccepted, Reason

LONGEST = 4096
MAX_PIXELS = 60_000_000
MARK = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A JPEG's next segment: in the picture itself such a pair of bytes is written otherwise."""
PNG, PNG_NOTES = b"\x89PNG\r\n\x1a\n", (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
END, NOTES = 0xD9, (0xE1, 0xED, 0xFE)


def sanitize(content: bytes) -> tuple[str, bytes]:
    """Returns the kind and the new content; raises NotAccepted. The size is judged by the header, before decoding."""
    heic = content[4:8] == b"ftyp"
    if heic:
        _learn_heic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("HEIF",) if heic else ("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise NotAccepted(Reason.PICTURE_LARGE)
                return _written(_upright(opened))
    except (NotAccepted, MemoryError):
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAccepted(Reason.PICTURE_LARGE) from error
    except Exception as error:  # the decoder meets arbitrary input; any fault in it is a picture that does not open
        raise NotAccepted(Reason.HEIC if heic else Reason.PICTURE_BROKEN) from error


def _learn_heic() -> None:
    """Loads the reader of the photographs of newer phones."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False)


def _upright(opened: Image.Image) -> Image.Image:
    """Returns the first frame, small before it is turned: a large JPEG is not even decoded in full."""
    picture = opened
    if opened.mode in ("P", "PA"):
        picture = opened.convert("RGBA" if "transparency" in opened.info or opened.mode == "PA" else "RGB")
    elif opened.mode == "1":  # a scan in black and white: between the two there must be grey, or lines are lost
        picture = opened.convert("L")
    elif opened.mode.startswith("I"):  # 16 bits of grey: what is cut off at eight of them is white
        picture = opened.point(lambda value: value * (1 / 256)).convert("L")
    picture.thumbnail((LONGEST, LONGEST))
    return ImageOps.exif_transpose(picture)


def _written(picture: Image.Image) -> tuple[str, bytes]:
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if see_through else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    if see_through:
        bare.save(out, "PNG")
        return "png", out.getvalue()
    bare.save(out, "JPEG", quality=88, optimize=True)
    return "jpeg", out.getvalue()


def without_notes(picture: bytes) -> bytes:
    """Returns a JPEG or PNG inside of a document without EXIF, XMP, IPTC and comments, and with nothing behind its
    end."""
    if picture.startswith(b"\xff\xd8"):
        return _jpeg_without_notes(picture)
    return _png_without_notes(picture) if picture.startswith(PNG) else picture


def _png_without_notes(png: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(png):
        (length,) = struct.unpack("!I", png[at : at + 4])
        kind, after = png[at + 4 : at + 8], at + 12 + length
        if kind not in PNG_NOTES:
            kept.append(png[at:after])
        if kind == b"IEND":
            break
        at = after
    return b"".join(kept)


def _jpeg_without_notes(jpeg: bytes) -> bytes:
    kept, at = [b"\xff\xd8"], 2
    while mark := MARK.search(jpeg, at):
        kind = mark[0][1]
        if kind == END:
            return b"".join([*kept, jpeg[at : mark.end()]])
        after = mark.end() + int.from_bytes(jpeg[mark.end() : mark.end() + 2])
        kept.append(jpeg[at : mark.start()])  # the picture itself, as far as it goes
        if kind not in NOTES:
            kept.append(jpeg[mark.start() : after])
        at = after
    return b"".join([*kept, jpeg[at:]])
