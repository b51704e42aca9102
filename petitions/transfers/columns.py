"""The columns of the register of transfers (移送登记簿)."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from massline.templatetags.front import short_day
from massline.time import local_day
from petitions.transfers.models import Transfer, TransferState
from records.columns import Cell, Column, Reading


def _number(line: Transfer, reading: Reading) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("transfer", args=[line.number]), line.number)


def _state(line: Transfer, reading: Reading) -> SafeString:
    return format_html('<span class="tag">{}</span>', TransferState(line.state).label)


def _sent_on(line: Transfer, reading: Reading) -> Any:
    return short_day(local_day(line.sent_at) if line.sent_at else None)


def _receipt(line: Transfer, reading: Reading) -> Any:
    return format_html("{} · {}", line.receipt_number, short_day(line.receipt_on)) if line.receipt_number else "—"


COLUMNS = (
    Column("number", _("登记编号"), cell=Cell(_number, css="nowrap", labelled=False)),
    Column("state", _("状态"), cell=Cell(_state)),
    Column("sent_on", _("移送日期"), cell=Cell(_sent_on, css="nowrap")),
    Column("pages", _("页数"), cell=Cell(lambda line, reading: line.pages or "—")),
    Column("sent_to", _("移送到"), cell=Cell(lambda line, reading: line.sent_to.name if line.sent_to else "—")),
    Column("receipt", _("回执"), cell=Cell(_receipt)),
)
