"""How Chinese characters are read, and what letters may be."""

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massline.pinyin import MOST_WAYS, heard_in, readings, syllables, ways_to_read


@pytest.mark.parametrize(
    ("character", "read"),
    [
        ("噪", {"zao"}),
        ("擾", {"rao"}),
        ("扰", {"rao"}),
        ("重", {"chong", "zhong"}),
        ("绿", {"lu", "lv"}),
        ("略", {"lve", "lue"}),
        ("缪", {"miao", "mou"}),
    ],
)
def test_a_character_has_its_readings_without_tones(character: str, read: set[str]) -> None:
    assert read <= set(readings()[character])


def test_every_character_of_gb_2312_is_read() -> None:
    codes = (bytes([first, second]) for first in range(0xB0, 0xF8) for second in range(0xA1, 0xFF))
    characters = {code.decode("gb2312", "ignore") for code in codes} - {""}
    assert characters - readings().keys() == {*"嗯诶哟"}, "mere sounds"


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("zaoyin", ["zao yin"]),
        ("xian", ["xi an"]),
        ("fangan", ["f a n g a n", "fan gan", "fang an"]),
        ("zao", []),
        ("wifi", []),
        ("zyrm", ["z y r m"]),
        ("zyr", []),
        ("a", []),
        ("", []),
    ],
)
def test_letters_are_syllables_or_initials(letters: str, ways: list[str]) -> None:
    assert sorted(map(" ".join, ways_to_read(letters))) == ways


@given(st.lists(st.sampled_from(sorted(syllables())), min_size=2, max_size=16))
@example(["an", "ga"] * 8)
def test_syllables_written_together_are_told_apart_again(said: list[str]) -> None:
    ways = ways_to_read("".join(said))
    assert tuple(said) in ways or len(ways) >= MOST_WAYS
    assert all("".join(way) == "".join(said) for way in ways)


@pytest.mark.parametrize(
    ("text", "letters", "heard"),
    [
        ("夜间噪音扰民", "zaoyin", ["噪音"]),
        ("夜间噪音扰民", "yjzy", ["夜间噪音"]),
        ("重庆、重慶", "zhongqing", ["重庆", "重慶"]),
        ("西安", "xian", ["西安"]),
        ("噪，音", "zaoyin", []),
        ("ABCD", "abcd", []),
    ],
)
def test_what_sounds_so_is_heard_in_a_text(text: str, letters: str, heard: list[str]) -> None:
    assert heard_in(text, letters) == heard


def test_the_readings_are_those_that_titles_are_indexed_by() -> None:
    """Where one changes, a migration makes the function and the indexes anew (records/migrations/0015)."""
    said = "".join(f"{character}{' '.join(read)}" for character, read in sorted(readings().items()))
    assert sha256(said.encode()).hexdigest()[:16] == "491b3720f697e9e4"
