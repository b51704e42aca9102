"""Pictures are made anew: upright, of a sensible size, without place or camera, or anything beside the picture."""

import io
import struct
import warnings

from PIL import Image, ImageOps

from massline.files.reasons import NotAccepted, Reason

LONGEST = 4096
MOST_PIXELS = 60_000_000


def made_anew(content: bytes) -> tuple[str, bytes]:
    """The kind and the new content; raises NotAccepted. The size stands in the header: it is judged before decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAccepted(Reason.PICTURE_LARGE)
                return _written(_upright(opened))
    except (NotAccepted, MemoryError):
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAccepted(Reason.PICTURE_LARGE) from error
    except Exception as error:  # the decoder meets arbitrary input; any fault in it is a picture that does not open
        raise NotAccepted(Reason.PICTURE_BROKEN) from error


def _upright(opened: Image.Image) -> Image.Image:
    """The first frame, small before it is turned: a large JPEG is not even decoded in full."""
    picture = opened
    if opened.mode in ("P", "PA"):
        picture = opened.convert("RGBA" if "transparency" in opened.info or opened.mode == "PA" else "RGB")
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


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG inside of a document without EXIF, XMP, IPTC and comments, and with nothing behind its end."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xDA:  # from here on it is the picture itself
            end = jpeg.rfind(b"\xff\xd9")
            return b"".join([*kept, jpeg[at : end + 2 if end > at else None]])
        (length,) = struct.unpack("!H", jpeg[at + 2 : at + 4])
        if marker not in (0xE1, 0xED, 0xFE):
            kept.append(jpeg[at : at + 2 + length])
        at += 2 + length
    return jpeg
