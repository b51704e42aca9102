"""The laws on which massline's periods rest stand in the register, and say what would lose its ground."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from institutions.clocks import cited, clocks_on
from institutions.models import Regulation, RegulationText
from institutions.statutes import load, statutes
from massline.time import today
from responsibility.models import Notice
from tests.institutions_lab import add_legal_office, does, in_days
from tests.reader import page, reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("《信访工作条例》第三十四条", [("信访工作条例", ["第三十四条"])]),
        ("《信访条例》（2005）第二十一条", [("信访条例（2005）", ["第二十一条"])]),
        (
            "《中国共产党支部工作条例（试行）》第十二、十三条",
            [("中国共产党支部工作条例（试行）", ["第十二条", "第十三条"])],
        ),
        ("《立法法》第一百零九条，《备案条例》第四条", [("立法法", ["第一百零九条"]), ("备案条例", ["第四条"])]),
        (
            "《信访工作条例》第四十条（沿用 2005 年《信访条例》第三十六条）",
            [("信访工作条例", ["第四十条"]), ("信访条例（2005）", ["第三十六条"])],
        ),
        ("内部规定（待确认）", []),
    ],
)
def test_what_a_basis_names(basis, found):
    assert cited(basis) == found


def test_the_register_has_every_law_that_a_rule_names():
    assert set(clocks_on(today())) == {one.title for one in statutes()}


def test_they_are_entered_once_with_the_numbers_of_their_articles(city):
    add_legal_office(city)
    call_command("load_statutes")
    before = Regulation.objects.count(), RegulationText.objects.count()
    call_command("load_statutes")
    assert (Regulation.objects.count(), RegulationText.objects.count()) == before
    law = Regulation.objects.get(title="信访工作条例")
    text = RegulationText.objects.in_force(law, date(2022, 5, 1))
    assert text is not None and ("第三十四条", "") in [(one.heading, one.text) for one in text.articles]
    assert RegulationText.objects.in_force(law, date(2022, 4, 30)) is None
    old = Regulation.objects.get(title="信访条例（2005）")
    assert old.state == "repealed" and RegulationText.objects.in_force(old, date(2022, 4, 30)) is not None
    assert RegulationText.objects.in_force(old, date(2022, 5, 1)) is None


def test_without_a_legal_office_the_command_says_what_to_do(city):
    with pytest.raises(CommandError, match="legal_office"):
        call_command("load_statutes")


def test_its_page_lists_the_periods_and_says_when_they_lose_their_ground(city):
    add_legal_office(city)
    load(city.organ["legal"], timezone.now())
    law = Regulation.objects.get(title="政府信息公开条例")
    shown = page(city.handler, f"/desk/regulations/{law.number}/")
    assert "第二十六条 主动公开 GK01" in shown and "依据已失效" not in shown
    does(city, law, "legal_head", "repeal", since=in_days(1))
    assert "主动公开 依据已失效" in page(city.handler, f"/desk/regulations/{law.number}/")
    assert Notice.objects.filter(kind="regulation.repealed", recipient=city.legal, subject_key=law.number).exists()


def test_each_period_points_into_the_register(city, django_assert_max_num_queries):
    add_legal_office(city)
    assert "制度库里没有" in page(city.handler, "/desk/regulations/clocks/")
    load(city.organ["legal"], timezone.now())
    law = Regulation.objects.get(title="政府信息公开条例")
    does(city, law, "legal_head", "repeal", since=in_days(1))
    desk = reader(city.handler)
    desk.get("/desk/regulations/clocks/")
    with django_assert_max_num_queries(12):
        shown = desk.get("/desk/regulations/clocks/").content.decode()
    assert f'<a href="/desk/regulations/{law.number}/">政府信息公开条例</a>' in shown
    assert "依据已失效" in shown and "制度库里没有" not in shown
