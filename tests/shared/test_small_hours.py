"""Between midnight and eight in the morning the day in Shanghai is a day ahead of UTC: whatever names a day then."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from petitions.figures.indicators import FIGURES
from records.figures.overview import overview
from records.figures.periods import week_of
from responsibility.models import Preference
from responsibility.outbox.deliver import deliver
from tests.api import FILING, Api
from tests.chain_lab import at, event
from tests.city import REGISTER, TO_DEPARTMENT, act, file_petition
from tests.mail_lab import post_office
from tests.petitions.test_letters import queue
from tests.petitions.test_public_pages import FORM
from tests.reader import owed, page, reader, row, source, tracked

pytestmark = pytest.mark.django_db
EARLY = "2026-08-03 00:30"
"""A Monday in Shanghai, and still Sunday, 2 August, in UTC."""


def test_what_is_filed_carries_the_day_of_shanghai(city: SimpleNamespace) -> None:
    """Fifteen days after 3 August: Tuesday, 18 August."""
    with at(EARLY):
        filed = Api().post("/public/petitions/", FILING).json()
        client = reader()
        client.post("/file/", FORM)
        receipt = source(client, "/receipt/")
        line = row(source(reader(city.clerk), "/desk/ledger/"), filed["number"])
    assert filed["number"].startswith("XF20260803-")
    assert filed["received_at"] == "2026-08-03T00:30:00+08:00"
    assert filed["obligations"][0]["due_strict"] == "2026-08-18"
    assert "最迟 2026年8月18日 · 还有 15 天" in owed(receipt, "登记并转送、交办")
    assert " 2026-08-18 " in line and line.endswith("2026-08-03")


def test_a_letter_carries_the_day_of_shanghai(city: SimpleNamespace) -> None:
    with at(EARLY):
        filed = file_petition()
        act(filed.demand, "clerk", "register", REGISTER)
        act(filed.demand, "clerk", "forward", TO_DEPARTMENT)
        ((_heading, text),) = queue(city.clerk)
        story = page(city.clerk, f"/desk/petitions/{filed.number}/")
    assert text.endswith("试水市信访局\n2026年8月3日")
    assert "（最迟2026年8月18日）" in text
    assert "2026-08-03 00:30 已转送试水市住房和城乡建设局办理" in story


def test_the_days_that_are_left_end_at_midnight_of_shanghai(city: SimpleNamespace) -> None:
    with at(EARLY):
        filed = file_petition()
    for moment, left in (
        ("2026-08-17 23:59", "还有 1 天"),
        ("2026-08-18 00:00", "今天到期"),
        ("2026-08-18 23:59", "今天到期"),
        ("2026-08-19 00:00", "已超期 1 天"),
    ):
        with at(moment):
            assert left in owed(tracked(filed), "登记并转送、交办"), moment
            assert left in row(source(reader(city.clerk), "/desk/"), filed.number), moment


def test_a_week_begins_at_midnight_of_shanghai(city: SimpleNamespace) -> None:
    with at("2026-08-02 23:59"):
        file_petition()
    with at(EARLY) as now:
        file_petition()
        file_petition()
        trend = overview(FIGURES, city.chief, week_of(now.date()), now)["trend"]
    assert [(week["first"], week.get("received", 0)) for week in trend[-2:]] == [("2026-07-27", 1), ("2026-08-03", 2)]


def test_the_digest_is_headed_with_the_day_of_shanghai(city: SimpleNamespace) -> None:
    with at("2026-07-20 10:00"):
        filed = file_petition()
    with post_office() as post, at(EARLY) as now:
        with transaction.atomic():
            event()
            Preference.objects.create(user=city.clerk, email="clerk@office.example", since=now, digest_hour=0)
        assert deliver().sent == 1
    (mail,) = post.mails
    assert str(mail["Subject"]).strip() == "每日摘要（8月3日）"
    assert f"{filed.number} 登记并转送、交办 2026-08-04 待办" in mail.get_content()
