"""Days and times are written in one form a language for each role: lists short, sentences and citizens' pages long."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from audit.events import Event
from massline.time import long_form, official_day, short_form

DAY = dt.date(2026, 9, 8)
MOMENT = dt.datetime(2026, 9, 8, 1, 5, tzinfo=dt.UTC)
"""09:05 in Shanghai."""
FORMS = [
    ("zh-hans", DAY, "2026年9月8日", "2026-09-08"),
    ("zh-hans", MOMENT, "2026年9月8日 09:05", "2026-09-08 09:05"),
    ("en", DAY, "8 September 2026", "8 Sep 2026"),
    ("en", MOMENT, "8 September 2026, 09:05", "8 Sep 2026, 09:05"),
    ("en", None, "—", "—"),
]


@pytest.mark.parametrize(("language", "moment", "long", "short"), FORMS)
def test_each_language_has_a_long_and_a_short_form(
    language: str, moment: dt.date | None, long: str, short: str
) -> None:
    with translation.override(language):
        assert (long_form(moment), short_form(moment)) == (long, short)
        said = Template("{% load front %}{% day at %}|{% instant at %}").render(Context({"at": moment}))
        assert re.sub("<[^>]+>", "", said) == f"{long}|{short}"


def test_a_table_says_the_days_of_a_week_without_the_year() -> None:
    week = Template("{% load front %}{% days first last %}")
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(week.render(Context({"first": DAY - dt.timedelta(1), "last": DAY + dt.timedelta(5)})))
    assert said == ["09-07—09-13", "7 Sep – 13 Sep"]


def test_a_sentence_of_the_log_says_its_days_in_the_language_of_its_reader() -> None:
    event = Event("moved", "%(number)s: %(was)s, %(due)s")
    facts = {"was": "2026-09-08", "due": "—", "number": "XF20260908-000001"}
    with translation.override("en"):
        assert event.say(facts) == "XF20260908-000001: 8 September 2026, —"
    with translation.override("zh-hans"):
        assert event.say(facts) == "XF20260908-000001: 2026年9月8日, —"


def test_official_papers_are_chinese_whatever_their_reader_speaks() -> None:
    with translation.override("en"):
        assert official_day(DAY) == "2026年9月8日"


def test_no_template_has_a_format_of_its_own() -> None:
    own = re.compile(r"\|(?:date|time):(?![\"'][A-Z_]+_FORMAT[\"'])")
    found = [str(path) for path in Path(settings.BASE_DIR, "templates").rglob("*.html") if own.search(path.read_text())]
    assert found == []
