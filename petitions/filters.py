"""What the ledger can be narrowed to, for pages and REST alike."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import log
from massline.keys import KeyField
from massline.pages import dated
from massline.texts import LineField
from petitions import events
from petitions.filter_cohort import CohortFilter, organs
from petitions.models import Demand, State
from petitions.persons import GROUP
from petitions.saved import SavedFilter
from petitions.search import Sought, among
from records.filters import LineFilter
from responsibility import content_classes
from responsibility.class_fields import CategoryChoice


class CategoryFilter(django_filters.CharFilter):
    field_class = CategoryChoice

    def filter(self, qs: QuerySet[Demand], value: str) -> QuerySet[Demand]:
        return qs.filter(category__startswith=content_classes.prefix(value)) if value else qs


class ImportFilter(django_filters.Filter):
    field_class = KeyField


class DemandFilter(CohortFilter):
    q = LineFilter(method="sought_last", label=_("编号或文字"), max_length=100)
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("状态"), empty_label=_("全部"))
    organ = django_filters.ModelChoiceFilter(
        queryset=organs, to_field_name="code", label=_("承办单位"), empty_label=_("全部")
    )
    category = CategoryFilter(label=_("内容分类"))
    overdue = django_filters.ChoiceFilter(
        choices=[("true", _("已超期")), ("false", _("未超期"))],
        method="by_overdue",
        label=_("期限"),
        empty_label=_("全部"),
    )

    group = django_filters.ChoiceFilter(
        choices=[("true", _("集体（五人以上）")), ("false", _("不足五人"))],
        method="by_group",
        label=_("人数"),
        empty_label=_("全部"),
    )
    imported = ImportFilter(
        field_name="petition__imported_from__taken_by",
        table="import",
        label=_("随哪次导入接收"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Demand
        fields = ("q", "state", "organ", "category", "overdue", "group", "imported")

    @property
    def sought(self) -> Sought | None:
        """What is searched for, if anything; asks whether the form is valid."""
        typed = self.form.cleaned_data.get("q") if self.is_bound and self.errors is not None else ""
        return Sought.of(typed) if typed else None

    def filter_queryset(self, queryset: QuerySet[Demand]) -> QuerySet[Demand]:
        """`narrowed` is what everything but the search leaves."""
        self.narrowed: QuerySet[Demand] = super().filter_queryset(queryset)
        return among(self.narrowed, self.sought) if self.sought else self.narrowed

    def sought_last(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs

    def by_overdue(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        now = timezone.now()
        placed = qs.alias(_due=dated("due_at"))  # what the ledger's order goes by
        return placed.filter(_due__lte=now) if value == "true" else placed.filter(_due__gt=now)

    def by_group(self, qs: QuerySet[Demand], name: str, value: str) -> QuerySet[Demand]:
        return qs.filter(petition__persons__gte=GROUP) if value == "true" else qs.filter(petition__persons__lt=GROUP)


class SaveFilterForm(forms.Form):
    """A name for the filter that the ledger shows now."""

    name = LineField(label=_("名称"), max_length=40)
    query = LineField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_query(self) -> str:
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
