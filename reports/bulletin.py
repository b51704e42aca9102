"""The weekly bulletin (信访工作情况周报) as PDF, set by typst; the same data always give the same bytes."""

import hashlib
import json
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from audit import events, log
from massline.time import today
from petitions import figures
from petitions.figures import Period, Share
from reports import dashboard, snapshots

TEMPLATE = Path(__file__).parent / "bulletin.typ"
TITLE = "信访工作情况周报"
BACK = 12
"""Weeks for which a bulletin can be made."""


@login_required
@never_cache
@require_safe
def bulletin(request: DeskRequest, year: int, number: int) -> HttpResponse:
    """One finished week as PDF; each making is on record with the hash of what was given out."""
    week = next((w for w in figures.finished_weeks(today(), BACK) if w.first.isocalendar()[:2] == (year, number)), None)
    if week is None:
        raise Http404
    found = snapshots.latest("bulletin", request.user, week)
    if found is None:
        return dashboard.waiting(render(request, "desk/bulletin_wait.html", {"week": week}))
    pdf = compiled(contents(found))
    with transaction.atomic():
        facts = {"what": TITLE, "week": f"{year}-W{number:02d}", "sha256": hashlib.sha256(pdf).hexdigest()}
        log.record(events.EXPORTED, subject=log.Subject("bulletin", f"{year}-W{number:02d}"), facts=facts)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="xfzb-{year}-W{number:02d}.pdf"'
    return response


def compiled(data: dict[str, Any]) -> bytes:
    """The paper as PDF."""
    return typst.compile(str(TEMPLATE), font_paths=list(_fonts()), sys_inputs=given(data), format="pdf")


def given(data: dict[str, Any]) -> dict[str, str]:
    """The data as typst takes them: JSON in one string, which can only be printed."""
    return {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    """The faces that come with the project; an office's own FangSong and XiaoBiaoSong come first where they are."""
    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    return tuple(sorted({str(Path(path).parent) for path in paths}))


def contents(found: dict[str, Any]) -> dict[str, Any]:
    """What stands on the paper, in words: official papers are Chinese, whatever the reader's language."""
    week = Period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"]))
    return {
        "title": TITLE,
        "issue": f"{found['year']}年第{found['number']}期",
        "issuer": found["issuer"],
        "made": _day(week.last + timedelta(days=1)),
        "summary": {"heading": "一、总体情况", "sentences": _sentences(found, week)},
        "rates": {
            "head": ["指标", "按期（件）", "到期（件）", "比率"],
            "rows": [_rate(name, found["rates"][key]) for key, name in RATES.items()],
        },
        "trend": {
            "heading": "二、近十二周按期办结趋势",
            "weeks": [_bar(line) for line in found["trend"]],
            "caption": "柱高为当周到期件数，深色为按期办结；上方为按期件数/到期件数，下方为周一日期。",
        },
        "tables": [_organs(found), _longest(found), _escalated(found)],
        "note": "说明：比率以当周到期的事项为分母，到期未办的仍在分母之中，分母不足五件的不计比率；未办结、超期按"
        "当周周日二十四时的状态统计。反映具体工作人员的事项只计数、不列编号。",
    }


RATES = {"routed": "信访部门及时受理", "accepted": "责任单位及时受理", "answered": "按期办结"}


def _sentences(found: dict[str, Any], week: Period) -> list[str]:
    answered = Share(**found["rates"]["answered"])
    rate = f"，按期办结率{answered.percent}" if answered.enough else ""
    return [
        f"{_day(week.first)}至{_day(week.last)}，共收到群众信访事项{_both(found['received'])}，作出处理意见{found['answered']}件。"
        f"当周到期应办结{answered.whole}件，按期办结{answered.part}件{rate}。",
        f"截至周日二十四时，尚未办结{_both(found['open'])}，其中超期{_both(found['overdue'])}；"
        f"当周上报党委、政府主要负责人{len(found['escalated'])}件次。",
    ]


def _both(counts: dict[str, int]) -> str:
    return f"{counts['matters']}件{counts['persons']}人次"


def _rate(name: str, share: dict[str, int]) -> list[str]:
    return [name, str(share["part"]), str(share["whole"]), _percent(Share(**share))]


def _percent(share: Share) -> str:
    return share.percent if share.enough else "样本不足" if share.whole else "—"


def _bar(line: dict[str, Any]) -> dict[str, Any]:
    first = date.fromisoformat(line["first"])
    return {"part": line["part"], "whole": line["whole"], "label": f"{first.month}/{first.day}"}


def _organs(found: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [row["name"], str(row["open"]), str(row["overdue"]), f"{row['part']}/{row['whole']}",
         _percent(Share(row["part"], row["whole"]))]
        for row in found["organs"]
    ]  # fmt: skip
    head = ["单位", "未办结", "其中超期", "按期/到期", "按期办结率"]
    return _table("三、各单位办理情况", head, [2.6, 0.8, 0.9, 0.9, 1.1], rows, "当周没有未办结或者到期的事项。", 1)


def _longest(found: dict[str, Any]) -> dict[str, Any]:
    rows = [[row["number"], row["organ"], row["goal"], str(row["days"])] for row in found["longest"]]
    head = ["编号", "责任单位", "超期事由", "超期天数"]
    return _table(
        "四、超期时间最长的事项", head, [1.8, 1.9, 2, 0.95], rows, "截至周日二十四时，没有可列出的超期事项。", 3
    )


def _escalated(found: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [row["number"], row["organ"], row["to"], row["day"][5:], "已批示" if row["instructed"] else "待批示"]
        for row in found["escalated"]
    ]
    head = ["编号", "责任单位", "报至", "上报日", "批示"]
    return _table(
        "五、上报党委、政府主要负责人的事项", head, [2.1, 1.8, 1.8, 0.8, 0.8], rows, "当周没有上报的事项。", 5
    )


def _table(
    heading: str, head: list[str], columns: list[float], rows: list[list[str]], nothing: str, words: int
) -> dict[str, Any]:
    """`words` is how many columns from the left are words and not numbers."""
    return {"heading": heading, "head": head, "columns": columns, "rows": rows, "nothing": nothing, "words": words}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
