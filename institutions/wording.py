"""Reads articles out of a text as people write it, and writes them back. Pure functions."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from records.articles import Article

MAX_LENGTH = 60_000
"""Characters of a whole text at the most."""
NUMERAL = "[〇零一二三四五六七八九十百千]+"
ARTICLE = re.compile(rf"\s*(第{NUMERAL}条(?:之{NUMERAL})?)[:：\s]*(.*)", re.DOTALL)
CHAPTER = re.compile(rf"\s*(第{NUMERAL}[编章节])\s*([^。；]{{0,40}})")
PREAMBLE = "序言"
"""What stands before the first article is called."""
GAP = "　"
"""Between a chapter and the first article in it, in the heading of that article."""


def read_articles(text: str) -> tuple[tuple[str, str], ...]:
    """Returns the headings and words of the articles of a text; raises ValidationError where it has none, or one
    twice."""
    found: list[tuple[str, list[str]]] = []
    chapters: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        if article := ARTICLE.fullmatch(line):
            found.append((GAP.join([*chapters, article[1]]), [article[2].strip()]))
            chapters = []
        elif chapter := CHAPTER.fullmatch(line):
            chapters.append(f"{chapter[1]} {chapter[2].strip()}".strip())
        elif found:
            found[-1][1].append(line.strip())
        else:
            found.append((PREAMBLE, [line.strip()]))
    numbers = [article_number(heading) for heading, _lines in found]
    if not any(number != PREAMBLE for number in numbers):
        raise ValidationError(_("没有找到条文：每一条请另起一行，以“第一条”这样的字样开头"))
    if twice := next((number for number in numbers if numbers.count(number) > 1), None):
        raise ValidationError(_("“%(article)s”出现了两次，请改正条号"), params={"article": twice})
    return tuple((heading, "\n".join(lines).strip()) for heading, lines in found)


def article_number(heading: str) -> str:
    """Returns the number of an article (第十二条) out of its heading, which may have chapters before it."""
    return heading.rpartition(GAP)[2]


def write_articles(articles: Iterable[Article]) -> str:
    """Returns the text of the articles, as `read_articles` reads it."""
    return "\n".join(_written(one) for one in articles)


def _written(article: Article) -> str:
    *chapters, number = article.heading.split(GAP)
    said = [] if number == PREAMBLE else [number]
    return "\n".join([*chapters, GAP.join([*said, article.text])])
