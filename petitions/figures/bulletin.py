"""The text of the weekly bulletin (信访工作情况周报), written from the figures of a week."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from massline.time import official_day
from petitions.figures.bulletin_tables import week
from records.figures.bulletin import Bulletin, Paper, Rates, Summary, Table, Trend, bar, percent
from records.figures.indicators import Share
from records.figures.periods import Period

RATES = {"routed": "信访部门及时受理", "accepted": "责任单位及时受理", "answered": "按期办结"}


def paper(found: dict[str, Any]) -> Paper:
    week = Period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"]))
    return Paper(
        title="信访工作情况周报",
        made_at=week.until,
        issue=f"{found['year']}年第{found['number']}期",
        issuer=found["issuer"],
        made=official_day(week.last + timedelta(days=1)),
        summary=Summary("一、总体情况", _sentences(found, week)),
        rates=Rates(
            head=["指标", "按期（件）", "到期（件）", "比率"],
            rows=[_rate(name, found["rates"][key]) for key, name in RATES.items()],
        ),
        trend=Trend(
            heading="二、近十二周按期办结趋势",
            weeks=[bar(line) for line in found["trend"]],
            caption="柱高为当周到期件数，深色为按期办结；上方为按期件数/到期件数，下方为周一日期。",
        ),
        tables=[_organs(found), _longest(found), _escalated(found)],
        note="说明：比率以当周到期的事项为分母，到期未办的仍在分母之中，分母不足五件的不计比率；未办结、超期按"
        "当周周日二十四时的状态统计。反映具体工作人员的事项只计数、不列编号。",
    )


def _sentences(found: dict[str, Any], week: Period) -> list[str]:
    answered = Share(**found["rates"]["answered"])
    rate = f"，按期办结率{answered.percent}" if answered.enough else ""
    return [
        f"{official_day(week.first)}至{official_day(week.last)}，共收到群众信访事项{_both(found['received'])}，作出处理意见{found['answered']}件。"
        f"当周到期应办结{answered.whole}件，按期办结{answered.part}件{rate}。",
        f"截至周日二十四时，尚未办结{_both(found['open'])}，其中超期{_both(found['overdue'])}；"
        f"当周上报党委、政府主要负责人{len(found['escalated'])}件次。",
    ]


def _both(counts: dict[str, int]) -> str:
    return f"{counts['matters']}件{counts['persons']}人次"


def _rate(name: str, share: dict[str, int]) -> list[str]:
    return [name, str(share["part"]), str(share["whole"]), percent(Share(**share))]


def _organs(found: dict[str, Any]) -> Table:
    rows = [
        [row["name"], str(row["open"]), str(row["overdue"]), f"{row['part']}/{row['whole']}",
         percent(Share(row["part"], row["whole"]))]
        for row in found["organs"]
    ]  # fmt: skip
    head = ["单位", "未办结", "其中超期", "按期/到期", "按期办结率"]
    return Table("三、各单位办理情况", head, [2.6, 0.8, 0.9, 0.9, 1.1], rows, "当周没有未办结或者到期的事项。", 1)


def _longest(found: dict[str, Any]) -> Table:
    rows = [[row["number"], row["organ"], row["goal"], str(row["days"])] for row in found["longest"]]
    head = ["编号", "责任单位", "超期事由", "超期天数"]
    return Table(
        "四、超期时间最长的事项", head, [1.8, 1.9, 2, 0.95], rows, "截至周日二十四时，没有可列出的超期事项。", 3
    )


def _escalated(found: dict[str, Any]) -> Table:
    rows = [
        [row["number"], row["organ"], row["to"], row["day"][5:], "已批示" if row["instructed"] else "待批示"]
        for row in found["escalated"]
    ]
    head = ["编号", "责任单位", "报至", "上报日", "批示"]
    return Table("五、上报党委、政府主要负责人的事项", head, [2.1, 1.8, 1.8, 0.8, 0.8], rows, "当周没有上报的事项。", 5)


BULLETIN = Bulletin(_("信访工作情况周报"), "xfzb", week, paper)
