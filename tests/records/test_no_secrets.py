"""Every form in which an official writes freely says that no state secrets and no work secrets belong in it."""

from types import SimpleNamespace

import pytest
from lxml import html

from tests.city import walk_to
from tests.reader import reader, source

pytestmark = pytest.mark.django_db
LINE = "不得填写国家秘密、工作秘密。"


def forms_without_the_line(text: str) -> list[str]:
    """Returns the addresses of the forms with a box for free text and without the line; hidden boxes take no typing."""
    return [
        form.get("action", "")
        for form in html.fromstring(text).iter("form")
        if form.xpath(".//textarea[not(@hidden)]") and LINE not in form.text_content()
    ]


@pytest.mark.parametrize(
    ("who", "state", "address"),
    [
        ("handler", "handling", "/desk/petitions/{number}/"),
        ("leader", "handling", "/desk/petitions/{number}/"),
        ("clerk", "received", "/desk/petitions/{number}/"),
        ("clerk", "received", "/desk/petitions/new/"),
        ("clerk", "closed", "/desk/letters/"),
    ],
)
def test_it_stands_on_every_form_with_free_text(city: SimpleNamespace, who: str, state: str, address: str) -> None:
    number = walk_to(state, told=False).demand.number
    text = source(reader(getattr(city, who)), address.format(number=number))
    assert LINE in text and forms_without_the_line(text) == []
