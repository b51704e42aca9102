"""What a search found is marked, and nothing else of a text changes."""

from html import unescape
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.highlight import excerpt, marked, spans
from tests.city import file_petition
from tests.reader import reader, source

pytestmark = pytest.mark.django_db


def test_hits_are_marked_and_everything_else_is_escaped(city: SimpleNamespace) -> None:
    file_petition(title="<b>路灯</b>与ＷｉＦｉ", body="很长的前文" * 20 + "<i>电梯</i>停运" + "很长的后文" * 20)
    html = source(reader(city.clerk), "/desk/ledger/?q=路灯 wifi 电梯")
    assert "&lt;b&gt;<mark>路灯</mark>&lt;/b&gt;与<mark>ＷｉＦｉ</mark>" in html
    assert "&lt;i&gt;<mark>电梯</mark>&lt;/i&gt;停运" in html
    assert "…" in html and "很长的前文" * 10 not in html


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60), words=st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_marks_change_nothing_of_a_text(text: str, words: list[str]) -> None:
    whole = str(marked(text, words)).replace("<mark>", "\0[").replace("</mark>", "\0]")
    assert "<" not in whole
    assert unescape(whole).replace("\0[", "").replace("\0]", "") == text or "\0" in text or "&" in text
    ends = [end for pair in spans(text, words) for end in pair]
    assert ends == sorted(set(ends)) and all(0 <= end <= len(text) for end in ends)
    assert len(excerpt(text, words)) < 1500
