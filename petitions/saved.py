"""Filters of the ledger that an official keeps under a name of their own."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import log
from audit.columns import Columns, SaltField
from massline.texts import LineColumn, LineField
from petitions import events


class SavedFilter(models.Model):
    """Words may name somebody, so the log keeps neither the name nor the query."""

    MOST: ClassVar = 20
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = LineColumn(max_length=40)
    query = models.CharField(max_length=1000)
    """The ledger's address after the question mark; only parameters that its filter knows."""
    salt = SaltField()

    audit = Columns(personal=("name", "query"), deletes=True)  # their owner throws them away

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_filter_a_name")]

    def __str__(self) -> str:
        return self.name


class SaveFilterForm(forms.Form):
    """A name for the filter that the ledger shows now."""

    name = LineField(label=_("名称"), max_length=40)
    query = LineField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_query(self) -> str:
        from petitions.filters import DemandFilter
        from petitions.models import Demand

        chosen = DemandFilter(QueryDict(self.cleaned_data["query"]), Demand.objects.none())
        if not chosen.is_valid():
            raise ValidationError(_("这个筛选里有不认识的条件，请重新筛选后再保存"))
        if not chosen.kept():
            raise ValidationError(_("还没有筛选条件：请先筛选，再保存"))
        return chosen.kept()

    def save(self) -> SavedFilter | None:
        """None when the name is taken or the shelf is full; the form then says so."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            theirs = SavedFilter.objects.filter(user=self.user)
            if theirs.filter(name=self.cleaned_data["name"]).exists():
                self.add_error("name", _("已经有同名的筛选，请换一个名称"))
            elif theirs.count() >= SavedFilter.MOST:
                self.add_error(None, _("最多保存 %(most)s 个筛选，请先删除不用的") % {"most": SavedFilter.MOST})
            else:
                log.record(events.FILTER_SAVED)
                return SavedFilter.objects.create(user=self.user, **self.cleaned_data)
        return None
