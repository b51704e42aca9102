"""Reads identity numbers as they are written: citizens' numbers of 18 and 15 digits, and passports."""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from massline.time import today

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
FIRST_BIRTH = date(1900, 1, 1)

BETWEEN = re.compile(r"[\s\-‐‑‒–—―−]")
CITIZEN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
"""GB 11643; residents from Hong Kong, Macau and Taiwan, and foreigners with permanent residence have such ones too."""
CITIZEN_BEFORE_1999 = re.compile(r"[1-9]\d{14}", re.ASCII)
PASSPORT = re.compile(r"(?=.*\d{3})[A-Z][A-Z\d]{5,10}|\d{8,9}|[A-Z]{3}\d{12}", re.ASCII)
"""Passports of China and other countries, travel permits of Hong Kong, Macau and Taiwan, older residence permits."""


def identified(typed: str) -> str:
    """Returns the number without blanks and dashes; raises a ValidationError that says what is wrong."""
    text = BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if CITIZEN.fullmatch(text):
        if not _is_birthday(text[6:14]):
            raise ValidationError(_("身份证号码的第 7 到 14 位应当是出生日期，请核对"))
        if CHECKS[sum(int(n) * weight for n, weight in zip(text[:17], WEIGHTS, strict=True)) % 11] != text[17]:
            raise ValidationError(_("身份证号码的最后一位与前面的数字不符，请核对每一位"))
    elif CITIZEN_BEFORE_1999.fullmatch(text):
        if not _is_birthday(f"19{text[6:12]}"):
            raise ValidationError(_("15 位身份证号码的第 7 到 12 位应当是出生日期，请核对"))
    elif not PASSPORT.fullmatch(text):
        if re.fullmatch(r"\d{10,}X?", text):
            raise ValidationError(_("身份证号码是 18 位，这里有 %(count)s 位，请核对"), params={"count": len(text)})
        raise ValidationError(_("请填写 18 位身份证号码，或者护照、通行证的号码"))
    return text


def _is_birthday(digits: str) -> bool:
    try:
        born = datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return False
    return FIRST_BIRTH <= born <= today()
