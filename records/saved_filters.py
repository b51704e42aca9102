"""Saves filters of a list under a name: the form, and the views that save and remove one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.desk import DeskRequest
from accounts.models import User
from audit import log
from massline.drafts.forms import keep_posted
from massline.methods import post_only
from massline.texts import LineField
from records import events
from records.kinds import RecordType
from records.models import SavedFilter


class SaveFilterForm(forms.Form):
    """The form that saves the list's filter under a name."""

    name = LineField(label=gettext_lazy("名称"), max_length=40)
    query = LineField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, user: User, kind: RecordType) -> None:
        super().__init__(data)
        self.user, self.kind = user, kind

    def clean_query(self) -> str:
        nothing = self.kind.model._default_manager.none()
        chosen = self.kind.listing.filters(QueryDict(self.cleaned_data["query"]), nothing)
        if not chosen.is_valid():
            raise ValidationError(_("这个筛选里有不认识的条件，请重新筛选后再保存"))
        if not chosen.kept():
            raise ValidationError(_("还没有筛选条件：请先筛选，再保存"))
        return chosen.kept()

    def save(self) -> SavedFilter | None:
        """Saves the filter; None when the name is taken or there are too many, which the form then says."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            theirs = SavedFilter.objects.filter(user=self.user, kind=self.kind.kind)
            if theirs.filter(name=self.cleaned_data["name"]).exists():
                self.add_error("name", _("已经有同名的筛选，请换一个名称"))
            elif theirs.count() >= SavedFilter.MAX:
                self.add_error(None, _("最多保存 %(most)s 个筛选，请先删除不用的") % {"most": SavedFilter.MAX})
            else:
                log.record(events.FILTER_SAVED)
                return SavedFilter.objects.create(user=self.user, kind=self.kind.kind, **self.cleaned_data)
        return None


def save_filter_view(kind: RecordType) -> Callable[..., HttpResponse]:
    address = kind.listing.address

    @login_required
    @never_cache
    @post_only(address)
    def save_filter(request: DeskRequest) -> HttpResponse:
        form = SaveFilterForm(request.POST, request.user, kind)
        saved = form.save() if form.is_valid() else None
        if saved is None:
            query = QueryDict(request.POST.get("query", "")[:1000]).urlencode()
            for fault in form.errors.values():
                messages.error(request, " ".join(str(one) for one in fault))
            keep_posted(request)
            return redirect(f"{reverse(address)}?{query}")
        messages.success(request, _("已保存筛选“%(name)s”。") % {"name": saved.name})
        return redirect(f"{reverse(address)}?{saved.query}")

    return save_filter


def remove_filter_view(kind: RecordType) -> Callable[..., HttpResponse]:
    address = kind.listing.address

    @login_required
    @never_cache
    @post_only(address)
    def remove_filter(request: DeskRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            theirs = SavedFilter.objects.select_for_update().filter(user=request.user, kind=kind.kind)
            saved = get_object_or_404(theirs, pk=pk)
            log.record(events.FILTER_REMOVED)
            saved.delete()
        messages.success(request, _("已删除筛选“%(name)s”。") % {"name": saved.name})
        return redirect(address)

    return remove_filter
