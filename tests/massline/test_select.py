"""A list to choose from is written by Python; it is the list that Django's templates write."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

HARMFUL = "</option><script>alert('\"x\"')</script>&amp;"
PLAIN = [("", "全部"), (1, "一"), ("b", gettext_lazy("已超期"))]
CHOICES = {
    "plain": PLAIN,
    "none": [],
    "grouped": [("东区", [("e1", "一"), ("e2", "二")]), ("x", "外"), ("西<区>", [("w1", "三")])],
    "harmful": [(HARMFUL, HARMFUL), (HARMFUL, [("1", HARMFUL)])],
    "safe": [("1", SafeString("<b>一</b>")), (None, "无")],
}
ATTRS: tuple[dict[str, Any], ...] = (
    {},
    {"id": "id_x", "required": True, "disabled": False, "aria-describedby": 'a"b', "data-n": 0, "title": HARMFUL},
)


def written(renderer: Any, widget: forms.Select, value: Any, attrs: dict[str, Any]) -> str:
    html = widget.render("organ", value, attrs, renderer)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", html).strip()


@pytest.mark.parametrize("chosen", ["", "1", 1, "e2", HARMFUL, None])
@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("attrs", ATTRS)
def test_it_is_the_list_of_django(choices: str, chosen: Any, attrs: dict[str, Any]) -> None:
    widget = forms.Select(choices=CHOICES[choices])
    ours, djangos = (written(one, widget, chosen, attrs) for one in (get_default_renderer(), DjangoTemplates()))
    assert ours == djangos


def test_several_may_be_chosen() -> None:
    widget = forms.SelectMultiple(choices=PLAIN)
    ours, djangos = (written(one, widget, ["1", "b"], {}) for one in (get_default_renderer(), DjangoTemplates()))
    assert ours == djangos and ours.count("selected") == 2


def test_nothing_that_somebody_typed_becomes_markup() -> None:
    html = written(get_default_renderer(), forms.Select(choices=CHOICES["harmful"]), "", {"title": HARMFUL})
    assert "<script>" not in html and html.count("&lt;script&gt;") == 5
