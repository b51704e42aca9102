"""Reads telephone numbers as people in China write them, and says what is wrong with one that cannot be dialled.

A number is kept as digits with the country code, and with its extension: +8613912345678, +861012345678;ext=8001.
"""

import re
import unicodedata
from typing import NoReturn

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from massline.hanzi import simplified

CHINA, EXTENSION = "+86", ";ext="
CANNOT_DIAL = _("请填写能打通的电话号码，例如 13912345678 或 010-12345678")

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
SPREADSHEET = re.compile(r"(\d+)\.0+")
"""A number cell that was turned into text: 13912345678.0."""
ROUNDED = re.compile(r"[\d.]+e\+?\d+")
"""A number cell that shows 1.39E+10."""
CALLED_EXTENSION = re.compile(r"[\s;,(-]*(?:(?:extension|ext|x|#|转|分机|内线)[\s.:=]*)+(\d{1,6})\)?")
DASHED_EXTENSION = re.compile(r"-\s*(\d{1,6})")
SEVERAL = re.compile(r"\d[\s)]*[/、,;|或和]")
SEPARATORS = re.compile(r"[\s().-]")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2\d)[1-9]\d{7}|0[3-9]\d\d[1-9]\d{6,7}|[48]00\d{7}")
"""Beijing and the cities with three digits have eight more, the others seven or eight; 400 and 800 have no area."""
WITH_AREA = re.compile(r"\+86(?![48]00)(10|2\d|[3-9]\d\d)([1-9]\d{2,3})(\d{4})")


def dialled(typed: str) -> str:
    """Returns the number as it is kept; raises a ValidationError that says what is wrong."""
    text = simplified(unicodedata.normalize("NFKC", typed)).casefold().translate(DASHES).strip()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    if whole := SPREADSHEET.fullmatch(text):
        text = whole[1]
    elif ROUNDED.fullmatch(text):
        raise ValidationError(_("这个号码被电子表格改成了近似数，后几位已经丢失，请重新填写完整的号码"))
    number, extension = _split(text, CALLED_EXTENSION)
    digits = _national(number)
    if digits is None:
        return _foreign(number) + extension
    if not extension:
        before, dashed = _split(number, DASHED_EXTENSION)
        if LANDLINE.fullmatch(_with_trunk(_national(before) or "")):
            digits, extension = _national(before) or "", dashed
    digits = _with_trunk(digits)
    if not (MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits)):
        _refuse(number, digits)
    return f"{CHINA}{digits.removeprefix('0')}{extension}"


def takes_messages(number: str) -> bool:
    """Returns whether a number that is kept can receive an SMS; of a foreign one that is not known."""
    if number.startswith(CHINA):
        return bool(MOBILE.fullmatch(number.removeprefix(CHINA)))
    return EXTENSION not in number


def as_dialled(number: str) -> str:
    """Formats a number that is kept for reading: 139 1234 5678, 010 1234 5678 转 8001."""
    main, _mark, extension = number.partition(EXTENSION)
    if area := WITH_AREA.fullmatch(main):
        shown = f"0{area[1]} {area[2]} {area[3]}"
    else:
        form = phonenumbers.PhoneNumberFormat
        within = form.NATIONAL if main.startswith(CHINA) else form.INTERNATIONAL
        shown = phonenumbers.format_number(phonenumbers.parse(main, "CN"), within)
    return gettext("%(number)s 转 %(extension)s") % {"number": shown, "extension": extension} if extension else shown


def _split(text: str, extension: re.Pattern[str]) -> tuple[str, str]:
    """Parts the number from its extension, which stands at the end."""
    for found in extension.finditer(text):
        if found.end() == len(text) and found.start():
            return text[: found.start()].strip(), EXTENSION + found[1]
    return text, ""


def _national(number: str) -> str | None:
    """Returns what is dialled within China; None for a number of another country."""
    digits = SEPARATORS.sub("", number)
    for code in ("+86", "0086"):
        if digits.startswith(code):
            return digits.removeprefix(code)
    if digits.startswith(("+", "00")):
        return None
    return digits.removeprefix("86") if len(digits) > 11 else digits


def _with_trunk(digits: str) -> str:
    """Adds the 0 that an area code lost after +86, in a number cell or by habit, and drops that before a mobile."""
    if digits.startswith("0") and MOBILE.fullmatch(digits[1:]):
        return digits[1:]
    if not LANDLINE.fullmatch(f"0{digits}"):
        return digits
    known = phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=86, national_number=int(digits)))
    return f"0{digits}" if known else digits


def _foreign(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        raise ValidationError(CANNOT_DIAL) from None
    if parsed.country_code == 86 or not phonenumbers.is_possible_number(parsed):
        raise ValidationError(CANNOT_DIAL)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _refuse(number: str, digits: str) -> NoReturn:
    """Raises the most helpful of the reasons."""
    if SEVERAL.search(number):
        raise ValidationError(_("这里只能填一个电话号码"))
    if others := re.sub(r"\d", "", digits):
        raise ValidationError(
            _("电话号码里不能有“%(others)s”，请只填数字；有分机的写成 010-12345678 转 8001"),
            params={"others": others[:10]},
        )
    count = len(digits)
    if digits.startswith("1") and count == 11:
        raise ValidationError(_("没有以 %(start)s 开头的手机号码，请核对"), params={"start": digits[:2]})
    if digits.startswith("1") and count > 6:
        raise ValidationError(_("手机号码是 11 位，这里有 %(count)s 位，请核对"), params={"count": count})
    if re.fullmatch(r"[2-9]\d{6,7}", digits):
        raise ValidationError(_("座机号码请在前面加上区号，例如 010-12345678"))
    if area := re.fullmatch(r"(0(?:10|2\d|[3-9]\d\d))(\d+)", digits):
        raise ValidationError(
            _("区号 %(area)s 后面应当是 8 位，不以 0 开头；这里有 %(count)s 位，请核对")
            if len(area[1]) == 3
            else _("区号 %(area)s 后面应当是 7 位或 8 位，不以 0 开头；这里有 %(count)s 位，请核对"),
            params={"area": area[1], "count": len(area[2])},
        )
    raise ValidationError(CANNOT_DIAL)
