"""A text of 4,000 characters has 4,000 as the page counts them: a line break is one, and so is a rare character."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from massline.inputs import Reason, Text
from massline.texts import LONG, text_field


@pytest.mark.parametrize("field", [text_field("x"), Text("x", "x").field()])
@pytest.mark.parametrize("character", ["字", "\r\n", "\n", "\r", "𠮷", "😀"])
def test_each_character_is_one(field: forms.CharField, character: str) -> None:
    text = field.clean("甲" + character * (LONG - 2) + "乙")
    assert len(text) == LONG and "\r" not in text
    with pytest.raises(ValidationError):
        field.clean("甲" + character * (LONG - 1) + "乙")


@pytest.mark.parametrize("field", [text_field("x"), Text("x", "x").field(), Reason("x", "x").field()])
def test_the_page_counts_and_cuts_nothing_off(field: forms.CharField) -> None:
    shown = field.widget.render("x", "")
    assert f'data-most="{LONG}"' in shown and "maxlength" not in shown
