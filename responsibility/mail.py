"""Pages about mail: the settings of an official, and the messages that did not arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import open_to_administrations, open_to_kinds
from audit import log
from massline.acts import lock_row
from massline.drafts.forms import come_back, with_draft
from massline.pages import keyset
from massline.texts import EmailField
from massline.time import today
from responsibility import events, notices
from responsibility.models import Appointment, Delivery, Message, Notice, Preference
from responsibility.outbox.sources import source_of
from responsibility.people import position_of
from responsibility.visibility import on_walled_records

HOURS = [("", gettext_lazy("不发送")), *((str(h), f"{h:02d}:00") for h in range(24))]


class PreferenceForm(forms.ModelForm):
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("每日摘要"), choices=HOURS, required=False, coerce=int, empty_value=None
    )

    class Meta:
        model = Preference
        fields = ("email", "at_once", "digest_hour", "working_days_only")
        field_classes = {"email": EmailField}
        labels = {
            "email": gettext_lazy("工作邮箱"),
            "at_once": gettext_lazy("超期、上报、批示、退回时立即发邮件"),
            "working_days_only": gettext_lazy("摘要只在工作日发送"),
        }
        help_texts = {"email": gettext_lazy("邮件只写编号和期限，不写信访人和标题。留空则不发邮件。")}


@open_to_administrations
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: DeskRequest) -> HttpResponse:
    def build(data: Any) -> PreferenceForm:
        return PreferenceForm(data, instance=_preference_of(request.user))

    posted = request.method == "POST"
    form = build(request.POST) if posted else with_draft(request, request.path, build)
    if posted and form.is_valid():
        with transaction.atomic():
            lock_row(User, request.user.pk)  # the first of two tabs makes the row, the second changes it
            _save(build(request.POST))
        messages.success(request, _("已保存通知设置。"))
        return redirect("mail_preferences")
    context = {"form": form, "off": not settings.EMAIL_HOST}
    if not posted:
        return render(request, "desk/preferences.html", context)
    return come_back(request, form, lambda: render(request, "desk/preferences.html", context, status=422))


def _preference_of(user: User) -> Preference:
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def _save(form: PreferenceForm) -> None:
    before = form.instance.email, form.instance.at_once
    log.record(events.PREFERENCE_SET)
    mine = form.save(commit=False)
    if mine.pk is None or (mine.email, mine.at_once) != before:
        mine.since = timezone.now()
    mine.save()


@open_to_kinds(Kind.SYSADMIN, page=gettext_lazy("未送达的通知"))
@login_required
@never_cache
@require_safe
def failed(request: DeskRequest) -> HttpResponse:
    """Lists the messages that did not arrive: to people under the user; for the system administrator, to anybody."""
    page = keyset(
        _failed_for(request.user), request.GET.get("cursor", ""), request.GET, by="made_at", newest_first=True
    )
    context = {
        "rows": [_failed_row(message) for message in page.rows],
        "next_url": page.next,
        "previous_url": page.previous,
    }
    return render(request, "desk/undelivered.html", context)


@dataclass(frozen=True)
class FailedRow:
    """A message that did not arrive, as its page shows it."""

    to: str
    channel: str
    purpose: Any
    made_at: datetime
    attempts: int
    fault: str


def _failed_row(message: Message) -> FailedRow:
    source = source_of(message)
    people = source.people if source else ""  # people without an account: never a number, the reader may not know it
    return FailedRow(
        to=message.recipient.name if message.recipient else people,
        channel=message.get_channel_display(),
        purpose=source.label if source else message.get_purpose_display(),
        made_at=message.made_at,
        attempts=message.attempts,
        fault=message.fault,
    )


def _failed_for(user: Any) -> Any:
    found = Message.objects.filter(state=Delivery.FAILED).select_related("recipient")
    if user.kind == Kind.SYSADMIN:
        return found
    below = position_of(user).below
    if user.kind != Kind.OFFICIAL or not below:
        raise Http404
    people = Appointment.objects.on(today()).filter(post__organ__in=below).values("user")
    reported = Message.objects.filter(pk__in=_reported_to(user))
    found = found.exclude(on_walled_records(user, "notice__"))
    return found.filter(Q(recipient__in=people) | Q(pk__in=reported.values("pk")))


def _reported_to(user: Any) -> list[int]:
    """Returns the messages to people without an account whose failure was reported to this user."""
    keys = Notice.objects.filter(recipient=user, kind=notices.UNDELIVERED.name).order_by("-told_at")
    return [int(key) for key in keys.values_list("subject_key", flat=True)[:500]]
