"""The list fields of forms in one piece: the people complained about, the other representatives of a group."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.filing.forms import MAX_COMPLAINED, MAX_OTHERS, ComplainedForm, RepresentativeForm
from citizens.models.filings import MAX_REPRESENTATIVES
from massline.rest_forms import EntriesField


def complained_field(**more: Any) -> EntriesField:
    """Builds the field for the people complained about, as programs send them."""
    return EntriesField(ComplainedForm, label=_("涉及谁"), most=MAX_COMPLAINED, needed=("kind", "name"), **more)


def representatives_field(**more: Any) -> EntriesField:
    """Builds the field for the other representatives, as programs send them; the person who files may be among them."""
    return EntriesField(
        RepresentativeForm, label=_("其他代表"), most=MAX_REPRESENTATIVES, needed=("name",), shown=MAX_OTHERS, **more
    )
