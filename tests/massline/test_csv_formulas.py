"""What a table program could take for a formula: one definition, the same in Python and PostgreSQL, in every file."""

import csv
import io
import unicodedata
from typing import Any

import openpyxl
import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from massline.csv_formulas import escape_formula, escape_formula_sql
from records.columns import Column
from records.importing.rejects import as_csv
from reports import writers

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
UNSEEN = [chr(c) for c in range(1, 0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
"""Every control, format and blank character that this Python knows; a text in PostgreSQL has no U+0000."""
FILLERS = ["\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\ufe0f", "\U000e0100", "\u2065", "\U000e0fff"]
"""Letters and marks that draw nothing."""
TEXTS = st.text(
    st.one_of(
        st.sampled_from([*SIGNS, *FILLERS, *"\t\r\n '\",;|%0\\甲"]),
        st.sampled_from(UNSEEN),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=6,
)


def in_the_database(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {escape_formula_sql('x')} FROM unnest(%s) WITH ORDINALITY AS found(x, place) ORDER BY place",
            [texts],
        )
        return [shown for (shown,) in cursor.fetchall()]


@pytest.mark.django_db
def test_whatever_nobody_sees_before_a_sign_does_not_hide_it() -> None:
    """All of them, before each sign, alone and in pairs; and both definitions say the same."""
    assert len(UNSEEN) > 200
    hidden = [*UNSEEN, *FILLERS]
    texts = [unseen + sign + "1" for unseen in hidden for sign in SIGNS]
    texts += [a + b + "=1" for a in ("\ufeff", " ", "\u2028") for b in hidden] + [sign + "1" for sign in SIGNS]
    expected = ["'" + text for text in texts]
    assert [escape_formula(text) for text in texts] == expected
    assert in_the_database(texts) == expected


@pytest.mark.django_db
def test_what_is_no_formula_stays_as_it_is() -> None:
    texts = ["甲=1", "a+1", "", "0", "'=1", "XF20260101-000001", "1-2", "《通知》", "“=1”", "。=1"]
    texts += [unseen + "甲=1" for unseen in [*UNSEEN, *FILLERS] if unseen not in "\t\r\n"]
    assert [escape_formula(text) for text in texts] == texts
    assert in_the_database(texts) == texts


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
@example(texts=["\ufeff\u3000 ＝cmd|' /C calc'!A0", "\tA", "\r=1", "\n"])
def test_the_database_and_python_agree_on_any_text(texts: list[str]) -> None:
    assert in_the_database(texts) == [escape_formula(text) for text in texts]


def test_rejected_rows_of_an_import_are_harmless() -> None:
    """Row numbers, reasons, headings and cells alike."""
    cells = ["\ufeff=1+1", " =1", "\u200b@x", "\u00a0+1", "\u2066-1", "平常"]
    lines = "".join(as_csv(["\u200b=A1", "标题"], [[2, "缺标题", *cells]]))
    head, row = list(csv.reader(io.StringIO(lines.removeprefix("\ufeff"))))
    assert head[2:] == ["'\u200b=A1", "标题"]
    assert row == ["2", "缺标题", *("'" + cell for cell in cells[:-1]), "平常"]


def test_a_workbook_holds_texts_and_neither_formulas_nor_links(tmp_path: Any) -> None:
    texts = ["=1+1", "\u200b=1", "@SUM(A1)", "+1", "https://example.org", "mailto:a@example.org", "{=1}"]

    class Rows(writers.Source):
        def __iter__(self) -> Any:
            for text in texts:
                self.rows += 1
                yield [text]

    path = tmp_path / "a.xlsx"
    assert writers.write(Rows(None, "SELECT", [Column("a", "=甲")]), "xlsx", path, lambda done: None)[0] == 7
    with path.open("rb") as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
        cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in cells] == ["=甲", *texts]
    assert {cell.data_type for cell in cells} == {"s"} and not any(cell.hyperlink for cell in cells)
