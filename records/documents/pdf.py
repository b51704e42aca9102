"""Typesets a document in a process of its own: with limits, without our environment, ended when it takes too long."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

import pylopdf_fonts_zh_cn
import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.acts import ActError
from records.documents.document import DocumentData

LAYOUT = Path(__file__).parent / "layout.typ"
TYPESETTER = Path(__file__).parent / "typesetter.py"
SECONDS = 15
"""After which a document that is not done is given up."""
AT_ONCE = 2
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENT = {"RAYON_NUM_THREADS": "1", "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE}
"""One thread a document; and a template that asks for a package of the network gets none."""
_places = BoundedSemaphore(AT_ONCE)
logger = structlog.get_logger(__name__)


class NotTypeset(ActError):
    """A document that could not be made: its template has a fault, or it took too long. The reason is in the log."""

    status = 503
    title = gettext_lazy("文书没有生成")

    def __init__(self) -> None:
        super().__init__(_("生成文书时出错，问题已经记录下来。请过几分钟再试；仍不成功的，请联系系统管理员。"))


def as_pdf(template: Path, data: DocumentData, seconds: float = SECONDS) -> bytes:
    """Typesets the document as PDF/A-2b, the same bytes for the same data and fonts; raises NotTypeset.

    Data are passed as JSON, which a template can only print: nothing of them is ever read as markup.
    """
    with _place(template, seconds), TemporaryDirectory(prefix="massline-document-") as folder:
        for file in (LAYOUT, template):
            shutil.copyfile(file, Path(folder) / file.name)
        asked = {
            "root": folder,
            "template": str(Path(folder) / template.name),
            "fonts": _fonts(),
            "data": asdict(data),
            "timestamp": int(data.made_at.timestamp()),
        }
        given = json.dumps(asked, ensure_ascii=False, cls=DjangoJSONEncoder).encode(errors="replace")
        return _typeset(template, given, seconds)


def _typeset(template: Path, given: bytes, seconds: float) -> bytes:
    command = [sys.executable, "-I", "-B", str(TYPESETTER), str(int(seconds) + 1)]
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env=ENVIRONMENT, cwd="/", timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _given_up(template, "took too long") from None
    if done.returncode != 0:
        raise _given_up(template, done.stderr.decode(errors="replace")[-300:] or f"ended with {done.returncode}")
    return done.stdout


@contextmanager
def _place(template: Path, seconds: float) -> Iterator[None]:
    """Takes one of the few places for typesetting in this process."""
    if not _places.acquire(timeout=seconds):
        raise _given_up(template, "all places are taken")
    try:
        yield
    finally:
        _places.release()


def _given_up(template: Path, why: str) -> NotTypeset:
    logger.error("document_not_typeset", template=template.name, why=why)
    return NotTypeset()


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    """Returns the fonts that come with massline; an office's own FangSong and XiaoBiaoSong come first where
    installed."""
    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    return tuple(sorted({str(Path(path).parent) for path in paths}))
