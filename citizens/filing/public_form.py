"""The declaration of how citizens file a kind: the form, the page, and the function that files."""

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
    """The form by which citizens file a kind, on the page and through REST."""

    form: type[forms.Form]
    """A PersonForm with the kind's own fields."""
    file: Callable[[Mapping[str, Any]], Filed]
    """Files what a valid form holds, in the running transaction; raises Invalid for a fault that only filing finds."""
    template: str
    """The template of the form's page."""
    ready: Callable[[], bool] = lambda: True
    """Returns whether an office to receive it is registered yet."""
    check: str = "public/check.html"
    """The template of the page on which the answers are checked before they are filed."""
    not_open: str = "public/not_open.html"
    """The template of the page while there is none."""
    limit: Callable[[], int] = lambda: int(settings.FILING_LIMIT)
    """The number of filings that one address may send in an hour without a proof of work; each kind counts for
    itself."""
    entries: Mapping[str, forms.Field] = field(default_factory=dict)
    """The lists that REST takes besides the form's fields, by their names (citizens/filing/list_fields.py)."""
    drafts: bool = True
    """Whether what is typed and not sent is kept for a day, for the browser alone (`massline/drafts/`)."""
    person: str = "citizen"
    """The JSON object that holds the fields about the person who files."""
    refuse: Callable[[Mapping[str, Any]], None] = lambda body: None
    """Raises the refusals of REST before anything is read or kept."""
    receipt: Mapping[str, serializers.Field[Any, Any, Any, Any]] = field(default_factory=dict)
    """Further fields of its receipt, for the schema."""
    description: Any = ""
    """The description for programs, in the schema (lazy)."""
    examples: Sequence[OpenApiExample] = ()

    def sheet(self, data: Any = None) -> FilingSheet:
        return FilingSheet(self.form, data)
