"""The form fields for telephone numbers and identity numbers in China."""

from typing import Any

from massline.id_numbers import identified
from massline.phone_numbers import dialled
from massline.texts import LineField


class PhoneField(LineField):
    """A phone number that can be dialled in China; kept as digits with the country code and the extension."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=32, **kwargs)
        self.widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return dialled(text) if text else ""


class IdNumberField(LineField):
    """A citizen's identity number (公民身份号码), or that of a passport; long enough for blanks between the digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return identified(text) if text else ""
