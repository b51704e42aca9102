"""The cards of the pages of regulations and texts that other kinds do not have."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions.clocks import clocks_on
from institutions.models import ENDED, TextState
from massline.time import today
from records.cards import Card
from records.publishing.cards import OF_RECORD as PUBLICATIONS
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.view import RecordView


@dataclass(frozen=True)
class RegulationFacts:
    """What a regulation is, and its three: who carries it out, who supervises it, who answers for it (三有)."""

    kind: str
    document_number: str
    issuer: str
    category: str
    powers: list[str]
    is_hot_spot: bool
    owner: str
    supervisor: str
    accountability: str
    accountable_organ: str
    safeguards: str
    enforced_by: str
    implements_due: date | None
    in_force_from: date | None
    expires: date | None


@dataclass(frozen=True)
class TextRow:
    """One text of a regulation."""

    number: str
    url: str
    edition: int
    state_label: str
    document_number: str
    since: date | None
    until: date | None
    """The first day on which it is not in force any more."""


@dataclass(frozen=True)
class ShownArticle:
    """One article, under the key that stays when it is reworded."""

    key: str
    heading: str
    text: str


def _facts(view: RecordView) -> RegulationFacts:
    one = view.record
    labels = dict(one._meta.get_field("powers").base_field.choices)
    return RegulationFacts(
        kind=one.get_kind_display(),
        document_number=one.document_number,
        issuer=one.issuer,
        category=one.category_path if one.category else "",
        powers=[str(labels[power]) for power in one.powers],
        is_hot_spot=one.is_hot_spot,
        owner=str(one.owner or ""),
        supervisor=str(one.supervisor or ""),
        accountability=one.accountability,
        accountable_organ=one.accountable_organ.called if one.accountable_organ else "",
        safeguards=one.safeguards,
        enforced_by=one.get_enforced_by_display(),
        implements_due=one.implements_due,
        in_force_from=one.in_force_from,
        expires=one.expires,
    )


def _texts(view: RecordView) -> list[TextRow]:
    """Returns the texts that exist for this person, the latest first."""
    inside = view.record.shows_drafts_to(view.user)
    rows = [one for one in view.record.all_texts if not one.frozen and (inside or one.state == TextState.PROMULGATED)]
    return [
        TextRow(
            number=one.number,
            url=reverse(one.KIND, args=[one.number]),
            edition=one.edition,
            state_label=str(one.get_state_display()),
            document_number=one.document_number,
            since=one.since,
            until=one.until,
        )
        for one in rows
    ]


def _articles(view: RecordView) -> list[ShownArticle]:
    return [ShownArticle(one.key, one.heading, one.text) for one in view.record.articles or ()]


@dataclass(frozen=True)
class ClockRow:
    """A period of massline that rests on an article of this regulation."""

    article: str
    rule: str
    title: str
    applies: bool
    lost: bool
    """Whether it applies although the regulation has ended."""


def _clocks(view: RecordView) -> list[ClockRow] | None:
    found = clocks_on(today()).get(view.record.title, [])
    ended = view.record.state in ENDED
    return [ClockRow(one.article, one.code, one.title, one.applies, ended and one.applies) for one in found] or None


REGULATION_CARDS = (
    Card("regulation", "institutions/regulation.html", _facts, heading=_("三有和效力"), shape=RegulationFacts),
    Card("texts", "institutions/texts.html", _texts, heading=_("文本"), shape=list[TextRow]),
    Card("clocks", "institutions/clocks.html", _clocks, heading=_("以此为依据的期限"), shape=list[ClockRow]),
    INSTRUCTIONS, FILES, TIMELINE, OBLIGATIONS, CHAIN, PUBLICATIONS, LINKS,
)  # fmt: skip
TEXT_CARDS = (
    Card("articles", "institutions/articles.html", _articles, heading=_("条文"), shape=list[ShownArticle]),
    INSTRUCTIONS, FILES, TIMELINE, OBLIGATIONS, CHAIN, PUBLICATIONS, LINKS,
)  # fmt: skip


@dataclass(frozen=True)
class CommentFacts:
    """What a citizen said about a draft, and what became of it."""

    text: str
    text_url: str
    about: str
    """The number of the article; empty for the whole."""
    body: str
    outcome: str


def _comment(view: RecordView) -> CommentFacts:
    one = view.record
    url = reverse(one.text.KIND, args=[one.text.number])
    return CommentFacts(one.text.title, url, one.about, one.body, str(one.get_outcome_display()))


COMMENT_CARDS = (
    Card("comment", "institutions/said.html", _comment, heading=_("意见"), shape=CommentFacts),
    INSTRUCTIONS, TIMELINE, OBLIGATIONS, CHAIN, PUBLICATIONS, LINKS,
)  # fmt: skip
