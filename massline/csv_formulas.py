"""Escapes cells that a spreadsheet program could run as a formula (CSV injection), alike in Python and in PostgreSQL.

Programs skip what nobody sees before they look at the first sign, each in its own way; here all of it is skipped.
"""

import re
from typing import Any

from massline.texts import BREAKS, CONTROLS, DIRECTIONS, INVISIBLE, JOINERS

BLANKS = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
MARKS = (
    r"\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180d\u180f\ufe00-\ufe0f\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U000e0100-\U000e01ef"
)
"""Format characters that a script uses, and variation selectors: no text of ours begins with one."""
SKIPPED = f"{CONTROLS}{BREAKS}{BLANKS}{DIRECTIONS}{INVISIBLE}{JOINERS}{MARKS}"
SIGNS = r"=+@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b-"
"""`=+-@` in every width. The minus sign of mathematics is what some programs make of a hyphen."""
FORMULA = f"^[{SKIPPED}]*[\\u0009\\u000a\\u000d{SIGNS}]"
"""For both kinds of regular expression; a tabulator or a line break at the beginning is enough by itself."""
_FORMULA = re.compile(FORMULA)


def escape_formula(value: Any) -> Any:
    """Puts an apostrophe before a text that a spreadsheet program could run as a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def escape_formula_sql(column: str) -> str:
    """Writes the same in SQL for a column of text; a first letter of ASCII or Chinese needs no closer look."""
    first = f'ascii("{column}")'
    looked_at = f"NOT ({first} BETWEEN 65 AND 126 OR {first} BETWEEN 19968 AND 40959)"
    return f"""CASE WHEN {looked_at} AND "{column}" ~ '{FORMULA}' THEN '''' || "{column}" ELSE "{column}" END"""
