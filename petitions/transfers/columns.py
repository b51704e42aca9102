"""The columns of the register of transfers (移送登记簿), for the list and REST rows."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers as s

from massline.templatetags.front import short_day
from massline.time import local_day
from petitions.models import Channel
from petitions.transfers.models import Transfer, TransferState
from records.columns import Cell, Column, Reading


def _number(line: Transfer, reading: Reading) -> SafeString:
    return reading.link(line.KIND, line.number, line.number)


def _state(line: Transfer, reading: Reading) -> SafeString:
    return format_html('<span class="tag">{}</span>', TransferState(line.state).label)


def _sent_on(line: Transfer, reading: Reading) -> Any:
    return short_day(local_day(line.sent_at))


def _receipt(line: Transfer, reading: Reading) -> Any:
    return format_html("{} · {}", line.receipt_number, short_day(line.receipt_on)) if line.receipt_number else "—"


COLUMNS = (
    Column(
        "number",
        gettext_lazy("登记编号"),
        value=lambda line, reading: line.number,
        cell=Cell(_number, css="nowrap", labelled=False),
        field=s.CharField(),
    ),
    Column(
        "title",
        value=lambda line, reading: _("移送登记 %(number)s") % {"number": line.number},
        field=s.CharField(),
    ),
    Column("state", gettext_lazy("状态"), cell=Cell(_state)),
    Column(
        "organ",
        value=lambda line, reading: line.sent_to.code,
        field=s.CharField(help_text=gettext_lazy("单位代码")),
    ),
    Column("received_at", value=lambda line, reading: line.sent_at, field=s.DateTimeField()),
    Column("channel", value=lambda line, reading: line.channel, field=s.ChoiceField(choices=Channel.choices)),
    Column("channel_label", value=lambda line, reading: str(Channel(line.channel).label), field=s.CharField()),
    Column("sent_on", gettext_lazy("移送日期"), cell=Cell(_sent_on, css="nowrap")),
    Column(
        "pages",
        gettext_lazy("页数"),
        value=lambda line, reading: line.pages,
        cell=Cell(lambda line, reading: line.pages),
        field=s.IntegerField(),
    ),
    Column("sent_from", value=lambda line, reading: line.sent_from.code, field=s.CharField()),
    Column("sent_from_name", value=lambda line, reading: line.sent_from.name, field=s.CharField()),
    Column(
        "sent_to",
        gettext_lazy("移送到"),
        value=lambda line, reading: line.sent_to.code,
        cell=Cell(lambda line, reading: line.sent_to.name),
        field=s.CharField(),
    ),
    Column("sent_to_name", value=lambda line, reading: line.sent_to.name, field=s.CharField()),
    Column("sent_at", value=lambda line, reading: line.sent_at, field=s.DateTimeField()),
    Column("sent_by", value=lambda line, reading: line.sent_by.name, field=s.CharField()),
    Column("receipt", gettext_lazy("回执"), cell=Cell(_receipt)),
    Column("receipt_number", value=lambda line, reading: line.receipt_number, field=s.CharField()),
    Column("receipt_on", value=lambda line, reading: line.receipt_on, field=s.DateField(allow_null=True)),
    Column(
        "receipt_by", value=lambda line, reading: line.receipt_by.name if line.receipt_by else "", field=s.CharField()
    ),
)
