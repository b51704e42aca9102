"""Identity numbers as they are written: of 18 and 15 digits, and passports; what is wrong is said."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from citizens.filing.contact_fields import IdNumberField
from massline.texts import EmailField

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *((typed, NUMBER) for typed in (NUMBER, NUMBER.lower(), "110105 1949 1231 002x", "110105-19491231-002X",
                                        "１１０１０５１９４９１２３１００２Ｘ", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X")),
        ("130503 670401 001", "130503670401001"),
        ("E12345678", "E12345678"), ("ea1234567", "EA1234567"), ("Ｇ 1234 5678", "G12345678"),
        ("C01X00T478", "C01X00T478"),
        ("H1234567890", "H1234567890"), ("01234567", "01234567"), ("USA110074010101", "USA110074010101"),
    ],
)  # fmt: skip
def test_a_number_is_taken_however_it_is_spaced(typed: str, kept: str) -> None:
    field = IdNumberField()
    assert field.clean(typed) == kept
    assert len(typed) <= int(field.widget.attrs["maxlength"]), "the page does not cut it off"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", "最后一位与前面的数字不符"),
        ("110105194999310028", "第 7 到 14 位应当是出生日期"),
        ("110105194902300026", "第 7 到 14 位应当是出生日期"),
        ("110105299912310020", "第 7 到 14 位应当是出生日期"),
        ("130503679901001", "15 位身份证号码的第 7 到 12 位应当是出生日期"),
        ("1101051949123100", "身份证号码是 18 位，这里有 16 位"),
        ("1101051949123100211", "身份证号码是 18 位，这里有 19 位"),
        ("1.10105E+17", "请填写 18 位身份证号码，或者护照、通行证的号码"),
        ("张三", "请填写 18 位身份证号码，或者护照、通行证的号码"),
        ("123", "请填写 18 位身份证号码，或者护照、通行证的号码"),
        ("ABCDEFGH", "请填写 18 位身份证号码，或者护照、通行证的号码"),
    ],
)
def test_what_is_wrong_is_said(typed: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        IdNumberField().clean(typed)
    assert reason in refused.value.messages[0]


@pytest.mark.parametrize("month", ["00", "13", "99"])
def test_a_month_that_is_none_is_refused_whatever_the_check_digit(month: str) -> None:
    for check in "0123456789X":
        with pytest.raises(ValidationError):
            IdNumberField().clean(f"1101051949{month}31002{check}")


@given(st.text(st.sampled_from("0123456789XxEe- １Ｘ—.张"), max_size=24))
def test_what_was_taken_is_taken_again_as_it_is(typed: str) -> None:
    try:
        kept = IdNumberField(required=False).clean(typed)
    except ValidationError:
        return
    assert not kept or IdNumberField().clean(kept) == kept


@pytest.mark.parametrize("typed", ["zhao＠home.example", "ｚｈａｏ＠ｈｏｍｅ．ｅｘａｍｐｌｅ", "zhao@home。example"])
def test_an_address_typed_with_a_chinese_keyboard_is_an_address(typed: str) -> None:
    assert EmailField().clean(typed) == "zhao@home.example"
