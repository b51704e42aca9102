"""Small tags of the pages: icons, traffic lights, dates. No rule of the law lives here, only its rendering."""

import datetime as dt
import re

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from massline.cookies import cookie
from massline.entry_rows import BoundRows
from massline.templatetags.icons import SHAPES, STROKES
from massline.time import days_until, local_time, long_form, short_form

register = template.Library()

LIGHT_WORDS = {
    "green": gettext_lazy("正常"),
    "yellow": gettext_lazy("临近"),
    "red": gettext_lazy("超期"),
    "none": gettext_lazy("无期限"),
}
Moment = dt.date | dt.datetime | str | None


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An inline icon; it decorates, so the text beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        extra,
        mark_safe(STROKES[name]),  # noqa: S308 -- our own constant
    )


@register.simple_tag
def light(colour: str | None) -> SafeString:
    """Traffic light (红黄绿灯) as shape, word and colour."""
    colour = {"amber": "yellow"}.get(str(colour), str(colour))
    colour = colour if colour in SHAPES else "none"
    return format_html(
        '<span class="light {}"><svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">{}</svg>{}</span>',
        colour,
        mark_safe(SHAPES[colour]),  # noqa: S308 -- our own constant
        LIGHT_WORDS[colour],
    )


@register.simple_tag(takes_context=True)
def page_size(context: template.Context) -> str:
    """`large` when the reader asked for large type (大字版) by cookie."""
    request = context.get("request")
    return "large" if request and cookie(request, "size") == "large" else "normal"


@register.simple_tag
def day(value: Moment) -> SafeString | str:
    """A day, or a time with its day, in the long form: for sentences and for the pages of citizens."""
    moment = _moment(value)
    return _time(moment, long_form(moment)) if moment else "—"


@register.simple_tag
def instant(value: Moment) -> SafeString | str:
    """A day, or a time with its day, in the short form: for the pages of officials."""
    moment = _moment(value)
    return _time(moment, short_form(moment)) if moment else "—"


@register.simple_tag
def short_day(value: Moment) -> SafeString | str:
    """A day in a dense table."""
    moment = _moment(value)
    return _time(moment, short_form(_date(moment))) if moment else "—"


@register.simple_tag
def days(first: dt.date, last: dt.date) -> str:
    """The days of a week, in a table where the year goes without saying."""
    return _("%(first)s—%(last)s") % {"first": _month_day(first), "last": _month_day(last)}


@register.simple_tag
def due_days(strict: Moment, legal: Moment) -> SafeString:
    """The last day in a dense list and, where a day off moved it, the day by law, which such lists are ordered by."""
    last, by_law = _moment(strict), _moment(legal)
    shown = SafeString(short_day(last))
    if last is None or by_law is None or _date(by_law) == _date(last):
        return shown
    moved = _time(by_law, _month_day(by_law))
    return format_html('{} <span class="quiet small">{}</span>', shown, format_html(_("法定 {}"), moved))


@register.filter
def left(strict: Moment, legal: Moment = None) -> str:
    """How many days remain: 今天到期, 还有 3 天; past the plain count those until the date by law; then 已超期 2 天."""
    last, by_law = _moment(strict), _moment(legal) or _moment(strict)
    if last is None or by_law is None:
        return ""
    days, legal_days = days_until(last), days_until(by_law)
    if days == 0:
        return _("今天到期")
    if days > 0:
        return ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days}
    if legal_days >= 0:
        said = ngettext("法定期限还有 %(days)d 天", "法定期限还有 %(days)d 天", legal_days) % {"days": legal_days}
        return said if legal_days else _("法定期限今天届满")
    return overdue_by(-legal_days)


@register.filter
def overdue_by(days: int) -> str:
    """Since how many calendar days something is overdue."""
    return ngettext("已超期 %(days)d 天", "已超期 %(days)d 天", days) % {"days": days}


@register.filter
def groups(code: str | None) -> list[str]:
    """The readable groups of a tracking code, each to be kept on one line."""
    return str(code or "").split("-")


@register.filter
def unbroken(text: str) -> str:
    """Spans of time that no line ends within: 8:30—12:00."""
    return re.sub("[-–—~～]+", lambda dash: f"\u2060{dash[0]}\u2060", text)


@register.filter
def leaf(path: str | None) -> str:
    """The last name of a content class's path; dense tables have no room for three levels."""
    return str(path or "—").rsplit(" / ", 1)[-1]


@register.filter
def weekday(value: Moment) -> str:
    """The weekday of a counted day."""
    moment = _moment(value)
    return formats.date_format(_date(moment), "D") if moment else ""


@register.filter
def kind_of(field: BoundField) -> str:
    """Which of our field layouts a bound field takes: hidden, rows, options, tick or plain."""
    widget = field.field.widget
    if isinstance(field, BoundRows):
        return "rows"
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "plain"


@register.filter
def is_finder(field: BoundField) -> bool:
    """Whether a field is the content class (内容分类), which has a finder of its own."""
    return field.name == "category" and isinstance(field.field.widget, forms.Select)


@register.simple_tag
def with_ids(form: forms.BaseForm, prefix: str) -> forms.BaseForm:
    """The form with ids of its own: several acts on one page ask for a `reason`."""
    form.auto_id = f"{prefix}_%s"
    return form


@register.filter
def errors_of(field: BoundField) -> list[str]:
    """What is wrong with a field, saying which field it is: a summary of ten times "required" helps nobody."""
    if not field.errors:
        return []
    found = []
    for error in field.errors.as_data():
        if error.code in ("required", "invalid_choice"):
            found.append(_missing(field))
        else:
            found += [str(message) for message in error.messages]
    return found


def _missing(field: BoundField) -> str:
    if isinstance(field.field.widget, forms.CheckboxInput):
        return _("请先勾选：%(label)s") % {"label": field.label}
    chosen = isinstance(field.field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple)
    text = _("请选择：%(label)s") if chosen else _("请填写：%(label)s")
    return text % {"label": field.label}


@register.filter
def only_as_a_whole(form: forms.BaseForm) -> bool:
    """Whether a form is wrong, and none of its fields: a password that is not the user's."""
    return set(form.errors) == {NON_FIELD_ERRORS}


@register.filter
def all_errors(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(id of the control, message) of everything wrong in a form, in the order of the page."""
    found = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        if isinstance(field, BoundRows) and field.errors_in_rows:
            found += [error for row in field.rows for error in all_errors(row)]
            continue
        found += [(target_of(field), _with_label(field, message)) for message in errors_of(field)]
    return found


def _with_label(field: BoundField, message: str) -> str:
    """What the field is, where the message does not say it itself: at the head of a page nothing stands beside it."""
    label = str(field.label)
    return message if label in message else _("%(label)s：%(message)s") % {"label": label, "message": message}


def target_of(field: BoundField) -> str:
    """Returns the id that a link of the error summary jumps to: of radios the first, of a hidden field none."""
    if field.is_hidden:
        return ""
    if isinstance(field, BoundRows):
        return target_of(next(iter(field.rows.empty_form))).replace("__prefix__", "0")
    return f"{field.auto_id}_0" if kind_of(field) == "options" else str(field.auto_id)


def _moment(value: Moment) -> dt.date | dt.datetime | None:
    if isinstance(value, str):
        value = (parse_datetime(value) if "T" in value else parse_date(value)) if value else None
    if isinstance(value, dt.datetime):
        return local_time(value) if timezone.is_aware(value) else value
    return value


def _time(moment: dt.date | dt.datetime, text: str) -> SafeString:
    # Nothing to escape, and format_html would take half of the time: a list shows a hundred days.
    return SafeString(f'<time datetime="{moment.isoformat()}">{text}</time>')


def _month_day(moment: dt.date | dt.datetime) -> str:
    return formats.date_format(_date(moment), "MONTH_DAY_FORMAT")


def _date(moment: dt.date | dt.datetime) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


@register.simple_tag(takes_context=True)
def no_secrets(context: template.Context, form: forms.BaseForm) -> SafeString | str:
    """The line above the free texts of officials: no state or work secrets. Citizens' forms do not have it."""
    request = context.get("request")
    texts = any(isinstance(field.widget, forms.Textarea) for field in form.fields.values())
    if not texts or request is None or not request.path.startswith("/desk/"):
        return ""
    return format_html('<p class="quiet small no-secrets">{}</p>', _("不得填写国家秘密、工作秘密。"))
