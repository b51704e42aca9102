"""Files are judged by an ordinary user, whom limits bind: root may start processes beyond them."""

import io
import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from PIL import Image

from tests.file_lab import docx, pdf, photo, xlsx

BASE = Path(__file__).resolve().parents[2]
JUDGE = """
import os, sys
sys.path.insert(0, sys.argv[1])
from massline.files.process import judge
assert os.geteuid() != 0
judged = judge(sys.stdin.buffer.read())
sys.stdout.buffer.write(judged.kind.encode() + b" " + judged.content)
"""
# With the right to read: the Python of whoever runs the tests may lie where others may not look.
AS_NOBODY = (
    "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
)


def judged_by_nobody(content: bytes) -> tuple[str, bytes]:
    """The kind and the content that the judging process of an ordinary user answers with."""
    if os.geteuid() == 0 and not which("setpriv"):
        pytest.skip("no setpriv here, and we are root")
    become = AS_NOBODY.split() if os.geteuid() == 0 else []
    answer = subprocess.run(
        [*become, sys.executable, "-c", JUDGE, str(BASE)], input=content, capture_output=True, check=False, cwd="/"
    )
    assert answer.returncode == 0, answer.stderr.decode()
    kind, _, rest = answer.stdout.partition(b" ")
    return kind.decode(), rest


@pytest.mark.parametrize("size", [(60, 40), (4032, 3024)])
def test_a_photograph_of_a_phone_is_converted(size: tuple[int, int]) -> None:
    """Its decoder works in threads, the others in none."""
    kind, content = judged_by_nobody(photo(size, fmt="HEIF"))
    with Image.open(io.BytesIO(content)) as picture:
        assert (kind, picture.format, picture.size) == ("jpeg", "JPEG", size[::-1])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo(), "jpeg"),
        (photo(fmt="WEBP"), "jpeg"),
        (pdf(), "pdf"),
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (b"a", "text"),
    ],
    ids=["jpeg", "webp", "pdf", "docx", "xlsx", "text"],
)
def test_every_other_kind_is_read_without_a_thread(content: bytes, kind: str) -> None:
    assert judged_by_nobody(content)[0] == kind
