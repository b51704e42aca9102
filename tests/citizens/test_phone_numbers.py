"""Telephone numbers as they are really written: each becomes the number that was meant, or is refused with a reason."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from citizens.filing.contact_fields import PhoneField
from citizens.identity.sealing import mask
from massline.phone_numbers import as_dialled, takes_messages

MOBILE, LANDLINE = "+8613912345678", "+861012345678"
EXTENDED = f"{LANDLINE};ext=8001"
KEPT = {
    MOBILE: [
        "13912345678", "139 1234 5678", "139-1234-5678", "139.1234.5678", "１３９　１２３４　５６７８",
        "+86 13912345678", "(+86)139 1234 5678", "8613912345678", "008613912345678", "013912345678",
        "13912345678.0", "١٣٩١٢٣٤٥٦٧٨",
    ],
    LANDLINE: ["010-12345678", "（010）1234 5678", "01012345678", "+86 10 12345678", "010—12345678", "1012345678.0"],
    EXTENDED: [
        "010-12345678 ext 8001", "010-12345678转8001", "010 12345678 轉 ８００１", "010-12345678-8001",
        "010-12345678#8001", "010-12345678 分机 8001", "010-12345678 转分机8001", "010-12345678 x8001",
        "010-12345678（转8001）",
    ],
    "+8675512345678": ["0755-12345678", "755-12345678", "0755-1234-5678"],
    "+863711234567;ext=12": ["0371-1234567-12"],
    "+864008001234": ["400-800-1234"],
    "+8613912345678;ext=1234": ["13912345678转1234"],
    "+85221234567": ["+852 2123 4567", "00852 2123 4567"],
    "+16502530000;ext=12": ["+1 650 253 0000 ext 12"],
}  # fmt: skip


@pytest.mark.parametrize(("kept", "typed"), [(kept, typed) for kept, ways in KEPT.items() for typed in ways])
def test_a_number_is_kept_as_it_was_meant(kept: str, typed: str) -> None:
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("139abcdefgh", "不能有“abcdefgh”"),
        ("13912345678 王", "不能有“王”"),
        ("1391234567", "手机号码是 11 位，这里有 10 位"),
        ("139123456789", "手机号码是 11 位，这里有 12 位"),
        ("1391234567.0", "手机号码是 11 位，这里有 10 位"),
        ("13912345678.5", "手机号码是 11 位，这里有 12 位"),
        ("12912345678", "没有以 12 开头的手机号码"),
        ("1.39E+10", "被电子表格改成了近似数"),
        ("1.391234568e+10", "被电子表格改成了近似数"),
        ("62345678", "加上区号"),
        ("021-1234567", "区号 021 后面应当是 8 位，不以 0 开头；这里有 7 位"),
        ("0371-123456", "区号 0371 后面应当是 7 位或 8 位"),
        ("13912345678/13800000000", "只能填一个电话号码"),
        ("13912345678、010-12345678", "只能填一个电话号码"),
        ("转8001", "不能有“转”"),
        ("110", "能打通的电话号码"),
        ("0000-8800001", "能打通的电话号码"),
        ("+", "能打通的电话号码"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PhoneField().clean(typed)
    assert reason in refused.value.messages[0]


@pytest.mark.parametrize(
    ("kept", "shown", "masked", "sms"),
    [
        (MOBILE, "139 1234 5678", "139****5678", True),
        (LANDLINE, "010 1234 5678", "101***5678", False),
        (EXTENDED, "010 1234 5678 转 8001", "101***5678-****", False),
        ("+867551234567", "0755 123 4567", "755***4567", False),
        ("+864008001234", "400 800 1234", "400***1234", False),
        ("+85221234567", "+852 2123 4567", "+85*****4567", True),
    ],
)
def test_it_is_shown_and_masked_with_its_extension(kept: str, shown: str, masked: str, sms: bool) -> None:
    assert (as_dialled(kept), mask("phone", kept), takes_messages(kept)) == (shown, masked, sms)
    assert PhoneField().clean(shown) == kept


@given(st.text(st.sampled_from("0123456789+-.() 转xe０１３９;=#/a王"), max_size=24))
def test_what_was_taken_is_taken_again_as_it_is(typed: str) -> None:
    try:
        kept = PhoneField(required=False).clean(typed)
    except ValidationError:
        return
    assert not kept or PhoneField().clean(kept) == PhoneField().clean(as_dialled(kept)) == kept
