"""A kind's columns: the cells of a list, the row of REST and the export's column come from one declaration."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html
from rest_framework.fields import CharField

from records.columns import Cell, Column, Reading, code, fields_of, named, row_of, text
from records.table import Picks, table
from responsibility.models import Appointment
from responsibility.people import names_in
from tests.city import build_city
from tests.reader import row, words

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
COLUMNS = (
    code("number", "编号", F("number"), value=lambda r, reading: r.number, cell=Cell(css="nowrap"), field=CharField()),
    text("title", "标题", F("title"), value=lambda r, reading: r.title, cell=Cell(css="title", labelled=False)),
    Column(
        "state",
        "状<态",
        cell=Cell(lambda r, reading: format_html("<b>{}</b>", r.state), key=lambda r, reading: r.state),
    ),
    Column("place", "地点", cell=Cell(lambda r, reading: r.place[:3], tooltip=lambda r, reading: r.place)),
)


def record(number: str, **said: Any) -> Any:
    return SimpleNamespace(**{"number": number, "title": "路灯", "state": "办理中", "place": "幸福路"} | said)


def html_of(*records: Any, columns: tuple[Column, ...] = COLUMNS, **more: Any) -> str:
    return table(columns, Reading(records, NOW), **more)


def test_what_people_wrote_is_escaped_in_cells_headings_and_attributes() -> None:
    html = html_of(record("A", title="<script>", place='幸"福<路'))
    assert "&lt;script&gt;" in html
    assert 'title="幸&quot;福&lt;路"' in html
    assert 'data-label="状&lt;态"' in html
    assert '<th scope="col">状&lt;态</th>' in html
    assert "<script" not in html
    assert "<b>办理中</b>" in html  # what a cell says is safe stays as it is


def test_a_narrow_screen_reads_the_heading_before_each_cell_but_those_that_speak_for_themselves() -> None:
    html = html_of(record("A"))
    assert '<td class="nowrap" data-label="编号">A</td>' in html
    assert '<td class="title">路灯</td>' in html


def test_records_of_one_key_show_the_same_and_others_their_own() -> None:
    html = html_of(record("A"), record("B", state="已办结"), record("C"))
    assert [words(row(html, number)) for number in "ABC"] == [
        "A 路灯 办理中 幸福路",
        "B 路灯 已办结 幸福路",
        "C 路灯 办理中 幸福路",
    ]


def test_a_box_before_each_row_carries_its_number() -> None:
    html = html_of(record("A"), record('B"'), picks=Picks("bulk", lambda r: r.number))
    assert '<input type="checkbox" form="bulk" name="number" value="A" aria-label="选择 A">' in html
    assert 'value="B&quot;"' in html
    assert '<th scope="col"><span class="hide">选择</span></th>' in html
    assert "checkbox" not in html_of(record("A"))


def test_boxes_can_be_ticked_and_left_out_and_rows_be_others_than_the_records() -> None:
    picks = Picks("bulk", lambda r: r.number, checked=True, offered=lambda r: r.number != "B")
    html = html_of(lines=(record("A"), record("B")), picks=picks)
    assert 'value="A" checked aria-label="选择 A">' in html
    assert '<td class="pick"></td>' in html and 'value="B"' not in html
    assert words(row(html, "B")) == "B 路灯 办理中 幸福路"


def test_a_row_takes_its_colour_and_the_table_its_caption() -> None:
    html = html_of(record("A"), record("B"), caption="<全部>", row_css=lambda r, reading: "red" * (r.number == "B"))
    assert '<caption class="hide">&lt;全部&gt;</caption>' in html
    assert [line.partition(">")[0] for line in html.split("<tbody>")[1].split("<tr")[1:]] == ["", ' class="red"']


def test_each_row_links_to_its_own_record_and_its_text_is_escaped() -> None:
    reading = Reading((), NOW)
    for kind, number in (("petition", "A-1"), ("petition", "B-2"), ("transfer", "A-1")):
        address = reverse(kind, args=[number])
        assert reading.link(kind, number, "<b>") == f'<a href="{address}">&lt;b&gt;</a>'


def test_columns_stand_in_the_order_of_the_list() -> None:
    html = html_of(record("A"), columns=named(COLUMNS, "title", "number"))
    assert words(row(html, "A")) == "路灯 A"


def test_rest_has_the_columns_that_have_a_field_and_a_column_may_be_in_one_answer_alone() -> None:
    assert row_of(COLUMNS, record("A"), Reading((), NOW)) == {"number": "A"}
    assert list(fields_of(COLUMNS)) == ["number"]
    assert [column.name for column in COLUMNS if column.exported] == ["number", "title"]


def test_a_column_of_a_list_without_a_cell_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="hidden"):
        html_of(record("A"), columns=(Column("hidden", "无"),))


@pytest.mark.django_db
def test_names_of_lists_are_those_who_sit_in_the_posts() -> None:
    """The statement of lists says what AppointmentQuerySet.answering says."""
    build_city()
    posts = set(Appointment.objects.values_list("post", flat=True))
    for day in (date(2000, 1, 1), date(2026, 3, 2)):
        answering = Appointment.objects.answering(day).filter(post__in=posts).order_by("pk").select_related("user")
        expected: dict[int, list[str]] = {}
        for held in answering:
            expected.setdefault(held.post_id, []).append(held.user.name)
        assert names_in({*posts, None}, day) == {post: "、".join(names) for post, names in expected.items()}
    assert names_in(set(), date(2026, 3, 2)) == {}
