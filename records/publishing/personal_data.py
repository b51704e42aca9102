"""Finds what looks like personal data in a text, to warn the clearer. It decides nothing, and finds no names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from massline.html import escaped
from massline.id_numbers import identified
from massline.phone_numbers import dialled

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _reads(read: Callable[[str], str]) -> Callable[[str], bool]:
    def holds(found: str) -> bool:
        try:
            return bool(read(found))
        except ValidationError:
            return False

    return holds


def is_bank_card(digits: str) -> bool:
    """Tells whether the check digit (Luhn) of a card's number is right."""
    numbers = [int(c) for c in reversed(digits) if c.isdigit()]
    doubled = [n if place % 2 == 0 else sum(divmod(2 * n, 10)) for place, n in enumerate(numbers)]
    return sum(doubled) % 10 == 0


class Finder(NamedTuple):
    label: Any
    looks: re.Pattern[str]
    holds: Callable[[str], bool] = bool


FINDERS = (
    Finder(_("身份证号码"), re.compile(r"(?<!\d)[1-9]\d{14}(?:\d\d[\dXx])?(?![\dA-Za-z])"), _reads(identified)),
    Finder(_("银行卡号"), re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?!\d)"), is_bank_card),
    Finder(_("电话号码"), re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), _reads(dialled)),
    Finder(_("电话号码"), re.compile(r"(?<!\d)0\d{2,3}[ -]?[1-9]\d{6,7}(?!\d)"), _reads(dialled)),
    Finder(_("电子邮箱"), re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    Finder(_("车牌号"), re.compile(rf"[{PROVINCES}][A-Z][· ]?[A-HJ-NP-Z\d]{{5,6}}(?![A-Za-z\d])")),
)  # fmt: skip
"""In this order: what an earlier one found, a later one does not find again."""


@dataclass(frozen=True)
class Found:
    """A place in a text, and what stands there."""

    begin: int
    end: int
    label: str


def find(text: str) -> list[Found]:
    """Returns what looks like personal data, in the order of the text."""
    found: list[Found] = []
    for finder in FINDERS:
        for match in finder.looks.finditer(text):
            apart = all(match.end() <= one.begin or match.start() >= one.end for one in found)
            if apart and finder.holds(match[0]):
                found.append(Found(match.start(), match.end(), str(finder.label)))
    return sorted(found, key=lambda one: one.begin)


def marked(text: str) -> SafeString:
    """Returns the text as HTML, with what was found marked and named."""
    return SafeString("".join(_pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    here = 0
    for one in find(text):
        yield escaped(text[here : one.begin])
        yield f'<mark title="{escaped(one.label)}">{escaped(text[one.begin : one.end])}</mark>'
        here = one.end
    yield escaped(text[here:])
