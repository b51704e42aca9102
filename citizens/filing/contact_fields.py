"""The form fields for telephone numbers and identity numbers in China."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citizens.identity.phone_numbers import dialled
from massline.texts import LineField

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"


def valid_id_number(text: str) -> bool:
    """Returns whether the check digit of an identity number is right (GB 11643, ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11] == text[17]


class PhoneField(LineField):
    """A phone number that can be dialled in China; kept as digits with the country code and the extension."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=32, **kwargs)
        self.widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return dialled(text) if text else ""


class IdNumberField(LineField):
    """A citizen's identity number (公民身份号码), its check digit included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=18, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace(" ", "").upper()
        if text and not valid_id_number(text):
            raise ValidationError(_("身份证号码不对，请核对每一位数字"))
        return text
