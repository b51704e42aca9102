"""The lists that a form in one piece has besides its fields: who is complained about, who else represents a group."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.filing.forms import MAX_COMPLAINED, MAX_OTHERS, ComplainedForm, RepresentativeForm
from citizens.models.filings import MAX_REPRESENTATIVES
from massline.rest_forms import EntriesField


def complained_field(**more: Any) -> EntriesField:
    """Who is complained about, as programs send it."""
    return EntriesField(ComplainedForm, label=_("涉及谁"), most=MAX_COMPLAINED, needed=("kind", "name"), **more)


def representatives_field(**more: Any) -> EntriesField:
    """Who else represents the group, as programs send it; the person who files may stand among them."""
    return EntriesField(
        RepresentativeForm, label=_("其他代表"), most=MAX_REPRESENTATIVES, needed=("name",), shown=MAX_OTHERS, **more
    )
