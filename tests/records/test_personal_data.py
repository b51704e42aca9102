"""What looks like personal data is marked for the clearer; nothing is changed, and nothing else is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.publishing.personal_data import find, marked

CARD, BANK = "身份证号码", "银行卡号"
PHONE, MAIL, PLATE = "电话号码", "电子邮箱", "车牌号"
WORDS = st.text("一二三路灯不亮请修理，。；“”\n <>&abc", max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("证号11010519491231002X，请核对", [("11010519491231002X", CARD)]),
        ("卡号6222 0212 3456 7894 已冻结", [("6222 0212 3456 7894", BANK)]),
        ("请打13912345678或者010-12345678", [("13912345678", PHONE), ("010-12345678", PHONE)]),
        ("来信wang.xm@example.org收", [("wang.xm@example.org", MAIL)]),
        ("车号苏A12345和粤BD12345", [("苏A12345", PLATE), ("粤BD12345", PLATE)]),
        ("编号XF20261130-957455", []),
        ("2026年11月30日第12号，共1234567元", []),
        ("证号110105194913310020（月份不对）", []),
        ("卡号6222 0212 3456 7890（校验位不对）", []),
        ("", []),
    ],
)
def test_it_is_found_and_named(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[one.begin : one.end], one.label) for one in find(text)] == found


@given(WORDS, st.integers(100_000_000, 999_999_999), WORDS)
def test_a_mobile_number_is_found_in_the_midst_of_any_words(before: str, digits: int, after: str) -> None:
    number = f"13{digits}"
    text = f"{before}：{number}；{after}"
    assert [text[one.begin : one.end] for one in find(text)] == [number]


@given(WORDS)
def test_words_alone_are_never_marked(words: str) -> None:
    assert find(words) == [] and "<mark" not in marked(words)


def test_what_is_marked_stays_text() -> None:
    assert marked("<b>13912345678</b>") == '&lt;b&gt;<mark title="电话号码">13912345678</mark>&lt;/b&gt;'
