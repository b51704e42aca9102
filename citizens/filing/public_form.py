"""How citizens file a record of a kind: the form, the page, and what becomes of a valid form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from citizens.filing.forms import FilingSheet
from citizens.filing.receipt import Filed


@dataclass(frozen=True, eq=False)
class PublicForm:
    """How a citizen files one, on the page and through REST."""

    form: type[forms.Form]
    """A PersonForm with the kind's own fields."""
    file: Callable[[Mapping[str, Any]], Filed]
    """Files what a valid form holds; raises Invalid for a fault that only filing finds."""
    template: str
    """The page of the form."""
    ready: Callable[[], bool] = lambda: True
    """Whether there is anybody to receive it yet."""
    not_open: str = "public/not_open.html"
    """The page while there is not."""
    limit: Callable[[], int] = lambda: int(settings.FILING_LIMIT)
    """How many one address may file in an hour without a proof of work; each kind counts for itself."""
    entries: Mapping[str, forms.Field] = field(default_factory=dict)
    """The lists that REST takes besides the form's fields, by their names (citizens/filing/list_fields.py)."""
    person: str = "citizen"
    """The object of REST in which the fields stand that say who files."""
    refuse: Callable[[Mapping[str, Any]], None] = lambda body: None
    """Raises what REST refuses before anything is read or kept."""
    receipt: Mapping[str, serializers.Field[Any, Any, Any, Any]] = field(default_factory=dict)
    """What its receipt says besides, as the schema shows it."""
    description: Any = ""
    """What programs are told of it (lazy)."""
    examples: Sequence[OpenApiExample] = ()

    def sheet(self, data: Any = None) -> FilingSheet:
        return FilingSheet(self.form, data)
