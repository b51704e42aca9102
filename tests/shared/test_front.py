"""The pages' ground rules: nothing inline, colours that can be read, small files, tags that say what they show."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.template import Context, Template

from massline.templatetags.icons import STROKES

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js"})

# (text, ground): WCAG 2.2 1.4.3 wants 4.5 : 1
READ = [
    (text, ground) for text in ("ink", "ink-2", "ink-3", "dai", "red", "amber", "green", "seal-text")
    for ground in ("paper", "surface")
] + [
    ("on-dai", "dai"), ("on-dai", "dai-strong"), ("dai-strong", "dai-soft"), ("red", "red-soft"),
    ("amber", "amber-soft"), ("green", "green-soft"), ("ink", "sunken"), ("ink-2", "sunken"),
    ("on-bar", "bar"), ("on-bar", "bar-2"),
    ("on-bar-2", "bar-2"), ("on-seal", "seal"), ("ink", "dai-soft"), ("ink-2", "dai-soft"),
]  # fmt: skip
# borders of controls and the focus ring: 1.4.11 wants 3 : 1
SEEN = [
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("focus", "surface"),
    ("focus", "paper"),
]


def scheme(dark: bool) -> dict[str, str]:
    text = (ROOT / "static/css/tokens.css").read_text()
    light, _, night = text.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", night)) if dark else found


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_and_every_control_seen(dark: bool) -> None:
    colours = scheme(dark)
    faint = [pair for pair in READ if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    faint += [pair for pair in SEEN if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert not faint


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_carries_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "http://" not in text and "https://" not in text


def test_nothing_comes_from_elsewhere_and_files_stay_small() -> None:
    for path in STATIC:
        text = path.read_text()
        assert "http://" not in text and "https://" not in text, path
        assert text.count("\n") < 400, path


def test_every_icon_that_a_template_names_exists() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "(\w+)"', path.read_text())}
    assert named <= set(STROKES)


def render(text: str, **context: object) -> str:
    return Template("{% load front %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ("green", "正常"),
        ("yellow", "临近"),
        ("red", "超期"),
        ("none", "无期限"),
        ("?", "无期限"),
    ],
)
def test_a_light_says_its_word_and_has_a_shape(colour: str, word: str) -> None:
    shown = render("{% light colour %}", colour=colour)
    assert word in shown and "<svg" in shown


@time_machine.travel("2026-12-08T20:00:00+08:00", tick=False)
@pytest.mark.parametrize(
    ("due", "said"),
    [
        (dt.date(2026, 12, 8), "今天到期"),
        ("2026-12-11", "还有 3 天"),
        (dt.date(2026, 12, 6), "已超期 2 天"),
        (
            dt.datetime(2026, 12, 8, 17, 0, tzinfo=dt.UTC),
            "还有 1 天",
        ),  # 01:00 of the 9th in Shanghai
        (None, ""),
    ],
)
def test_days_left_are_counted_in_shanghai(due: object, said: str) -> None:
    assert render("{{ due|left }}", due=due) == said
