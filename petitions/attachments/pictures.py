"""Pictures are made anew: upright, of a sensible size, without place or camera, or anything beside the picture."""

import io
import warnings

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from petitions.attachments.kinds import NotAccepted
from petitions.attachments.models import Kind

LONGEST = 4096
MOST_PIXELS = 60_000_000
BROKEN = _("这张图片打不开，请重新拍照或者截图后再添加")
TOO_LARGE = _("这张图片的尺寸太大，请缩小后再添加")


def made_anew(content: bytes) -> tuple[Kind, bytes]:
    """The kind and the new content. Raises NotAccepted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAccepted(TOO_LARGE)
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((LONGEST, LONGEST))
                return _written(picture)
    except NotAccepted:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAccepted(TOO_LARGE) from error
    except Exception as error:  # the decoder meets arbitrary input; any fault in it is a picture that does not open
        raise NotAccepted(BROKEN) from error


def _written(picture: Image.Image) -> tuple[Kind, bytes]:
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if see_through else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    if see_through:
        bare.save(out, "PNG", optimize=True)
        return Kind.PNG, out.getvalue()
    bare.save(out, "JPEG", quality=88, optimize=True)
    return Kind.JPEG, out.getvalue()
