"""One name or text in many ways of writing: traditional, any width, any dot between the parts, any blank."""

import unicodedata
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massline.hanzi import _SIMPLIFIED, folded_name, simplified, translation, writings

TRADITIONAL, SIMPLIFIED = "".join(_SIMPLIFIED), "".join(_SIMPLIFIED.values())

NAMES = st.text(st.one_of(st.sampled_from(TRADITIONAL + SIMPLIFIED + "·•・‧∙⋅･．. 　-"), st.characters()), max_size=12)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("臺灣標題", "台湾标题"),
        ("信訪條例", "信访条例"),
        ("钱锺書", "钱钟书"),
        ("馀", "余"),
        ("乾淨", "干净"),
        ("abc信访", "abc信访"),
    ],
)
def test_a_traditional_text_is_simplified(written: str, plain: str) -> None:
    assert simplified(written) == plain


@pytest.mark.parametrize("dot", "·•・‧∙⋅･．.﹒●◦⸱ \u3000\u00a0")
def test_the_dot_in_a_name_is_any_dot(dot: str) -> None:
    assert folded_name(f"買買提{dot}艾力") == folded_name(f"买买提 {dot} 艾力") == "买买提艾力"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＮＮＡ Ｓｍｉｔｈ", "anna smith"),
        ("陳 大文", "陈大文"),
        ("葛\U000e0100城", "葛城"),
        ("José", "Jose\u0301"),
        ("張三", "张三"),
    ],
)
def test_two_writings_are_one_name(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize(("one", "other"), [("张三", "张山"), ("བོད", "བད"), ("José", "Jose"), ("王1", "王2")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert folded_name(one) != folded_name(other)


def test_the_map_is_the_one_by_which_names_were_hashed() -> None:
    """Where OpenCC's table changes, a migration hashes the names anew (citizens/migrations/0005)."""
    assert sha256((TRADITIONAL + SIMPLIFIED).encode()).hexdigest()[:16] == "f0badf155de9b3e8"


def test_a_character_is_known_in_all_its_writings() -> None:
    assert [set(writings(each)) for each in "台臺枱a🚧"] == [{*"台臺颱檯"}] * 2 + [{"枱"}, {"a"}, {"🚧"}]
    assert {character for old in TRADITIONAL for character in writings(old)} == {*TRADITIONAL, *SIMPLIFIED}


@given(text=NAMES, other=NAMES)
@example(text="臺灣", other="台湾電燈")
def test_a_part_of_the_map_tells_the_same_of_a_text_as_all_of_it(text: str, other: str) -> None:
    partly = other.translate(str.maketrans(*translation(text)))
    assert (simplified(text) in partly) == (simplified(text) in simplified(other))


@given(NAMES)
@example("e·\u0301")
@example("㈠ß\u0345")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert simplified(simplified(text)) == simplified(text)
    assert len(simplified(text)) == len(text)
    assert folded_name(folded_name(text)) == folded_name(text) == folded_name(unicodedata.normalize("NFD", text))
