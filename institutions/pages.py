"""Pages of a regulation besides its own: what was in force on a day, and what changed between two of its texts."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from institutions.models import Regulation, RegulationText
from massline.days import DayField
from massline.time import today
from records.kinds import RecordType
from records.redline import redline


class DayForm(forms.Form):
    """The day (Shanghai) of which somebody asks."""

    day = DayField(label=_("哪一天"))


class CompareForm(forms.Form):
    """Two texts of one regulation, by their numbers."""

    old = forms.ChoiceField(label=_("从哪一稿"))
    new = forms.ChoiceField(label=_("到哪一稿"))

    def __init__(self, data: Any, texts: list[RegulationText]) -> None:
        super().__init__(data)
        choices = [(one.number, f"{one.edition}. {one.get_state_display()}") for one in texts]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]


def text_pages(kind: RecordType) -> list[URLPattern]:
    """Returns the addresses of these pages, below that of a regulation."""

    @login_required
    @never_cache
    @require_safe
    def in_force(request: DeskRequest, number: str) -> HttpResponse:
        regulation = kind.or_404(request.user, number)
        form = DayForm(request.GET if "day" in request.GET else {"day": today().isoformat()})
        text = _texts(request, regulation).on(form.cleaned_data["day"]).first() if form.is_valid() else None
        context = {"regulation": regulation, "form": form, "text": text}
        return render(request, "institutions/in_force.html", context, status=200 if form.is_valid() else 422)

    @login_required
    @never_cache
    @require_safe
    def compare(request: DeskRequest, number: str) -> HttpResponse:
        regulation = kind.or_404(request.user, number)
        texts = list(_texts(request, regulation).order_by("edition"))
        last = texts[-2:]
        proposed = {"old": last[0].number, "new": last[-1].number} if last else {}
        form = CompareForm(request.GET if "old" in request.GET or "new" in request.GET else proposed, texts)
        changes = None
        if form.is_valid():
            by_number = {one.number: one for one in texts}
            old, new = by_number[form.cleaned_data["old"]], by_number[form.cleaned_data["new"]]
            changes = redline(old.articles or (), new.articles or ())
        context = {"regulation": regulation, "form": form, "changes": changes}
        return render(request, "institutions/compare.html", context, status=422 if texts and changes is None else 200)

    base = f"desk/{kind.plural}/<slug:number>/"
    return [
        path(f"{base}in-force/", in_force, name="regulation_in_force"),
        path(f"{base}compare/", compare, name="regulation_compare"),
    ]


def _texts(request: DeskRequest, regulation: Regulation) -> Any:
    """Queries the texts of a regulation that exist for this person."""
    return RegulationText.objects.for_user(request.user).filter(regulation=regulation).select_related("regulation")
