"""What two folders of pictures are said to differ in."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.picture_diff import compare


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        Image.new("RGB", (20, 10), "white").save(folder / "page.png")
        (folder / "paper.pdf").write_bytes(b"%PDF-1.7")
    return one, other


def test_the_same_pictures_differ_in_nothing(folders: tuple[Path, Path], capsys: Any) -> None:
    assert compare(*folders) == 0
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert said == [["page.png", "0"], ["paper.pdf", "the", "same", "bytes"]]
    assert not (folders[1] / "differences" / "page.png").exists()


def test_the_faintest_difference_of_one_colour_counts_and_is_painted(folders: tuple[Path, Path], capsys: Any) -> None:
    picture = Image.new("RGB", (20, 10), "white")
    for x in range(3):
        picture.putpixel((x, 4), (255, 255, 254))
    picture.save(folders[1] / "page.png")
    assert compare(*folders) == 1
    assert capsys.readouterr().out.split()[:2] == ["page.png", "3"]
    painted = Image.open(folders[1] / "differences" / "page.png")
    assert [painted.getpixel((x, 4)) == (220, 0, 0) for x in range(4)] == [True, True, True, False]


def test_what_a_page_is_longer_counts(folders: tuple[Path, Path], capsys: Any) -> None:
    Image.new("RGB", (20, 12), "white").save(folders[1] / "page.png")
    assert compare(*folders) == 1
    assert capsys.readouterr().out.split()[:5] == ["page.png", "40", "20x10", "->", "20x12"]


def test_a_missing_page_and_another_paper_differ(folders: tuple[Path, Path], capsys: Any) -> None:
    (folders[1] / "page.png").unlink()
    (folders[1] / "paper.pdf").write_bytes(b"%PDF-1.8")
    assert compare(*folders) == 2
    assert "is only in" in capsys.readouterr().out
