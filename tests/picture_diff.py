"""Two folders of pictures, compared pixel by pixel."""

from pathlib import Path

from PIL import Image, ImageChops


def compare(one: Path, other: Path) -> int:
    """Prints the differing pixels of each picture and paints them under OTHER/differences; how many files differ."""
    painted = other / "differences"
    painted.mkdir(exist_ok=True)
    names = sorted({path.name for folder in (one, other) for path in folder.glob("*.*")})
    return sum(_differs(name, one / name, other / name, painted / name) for name in names)


def _differs(name: str, one: Path, other: Path, painted: Path) -> bool:
    painted.unlink(missing_ok=True)
    if not (one.exists() and other.exists()):
        print(f"{name:40} is only in {one.parent if one.exists() else other.parent}")
        return True
    if one.suffix != ".png":
        same = one.read_bytes() == other.read_bytes()
        print(f"{name:40} {'the same' if same else 'other'} bytes")
        return not same
    before, after = (Image.open(path).convert("RGB") for path in (one, other))
    size = (max(before.width, after.width), max(before.height, after.height))
    mask = _mask(_padded(before, size), _padded(after, size))
    pixels = mask.histogram()[255]
    said = "" if before.size == after.size else f"  {before.width}x{before.height} -> {after.width}x{after.height}"
    print(f"{name:40} {pixels:9}{said}")
    if pixels:
        faint = Image.blend(_padded(after, size), Image.new("RGB", size, "white"), 0.7)
        faint.paste((220, 0, 0), mask=mask)
        faint.save(painted)
    return bool(pixels)


def _mask(before: Image.Image, after: Image.Image) -> Image.Image:
    """White where any colour differs by anything."""
    bands = [band.point(lambda value: 255 if value else 0) for band in ImageChops.difference(before, after).split()]
    return ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])


def _padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """On a ground that is no page's, so that a longer page differs in all that it is longer."""
    ground = Image.new("RGB", size, (255, 0, 255))
    ground.paste(picture)
    return ground
