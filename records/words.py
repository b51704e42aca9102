"""The words of a search: letters and digits in a row, or one sign (🚧, ☎). Signs stand between words as blanks do."""

import re

# Not what colours a sign or joins it with another (U+1F3FB to U+1F3FF, U+200D): 👍 finds 👍🏽.
_SIGN = "[\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
_DRESSED = f"{_SIGN}[\ufe0f\U0001f3fb-\U0001f3ff]*"
WORD = re.compile(rf"[^\W_]+|{_SIGN}")
PICTURE = re.compile(f"{_DRESSED}(?:\u200d{_DRESSED})*")
"""What is shown as one picture: a sign with its colour, or several signs joined (👩‍👧)."""
