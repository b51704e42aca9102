"""The effects of acts on the rows of regulations and texts."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.context import actor_of
from institutions import events
from institutions.models import Regulation, RegulationText
from massline.acts import Doing, Invalid
from massline.time import local_day
from records.articles import Match, confirm, propose_keys
from responsibility import obligations

NEW = "new"
Wording = tuple[tuple[str, str], ...]
"""The headings and words of articles."""


def check_not_past(field: str, day: date, doing: Doing) -> None:
    """Refuses a day before the day of the act (Shanghai), beside its field."""
    if day < local_day(doing.at):
        raise Invalid({field: [_("请填今天或者以后的日期")]})


@dataclass(frozen=True)
class NotPast:
    """Refuses the day of this field, if any, where it lies before the day of the act."""

    field: str

    def apply(self, doing: Doing) -> None:
        if doing.data.get(self.field):
            check_not_past(self.field, doing.data[self.field], doing)


# --- Of a text --------------------------------------------------------------------------------------------------------
def set_wording(text: RegulationText, wording: Wording) -> None:
    """Gives the text these articles, under the keys that the program proposes; without saving it.

    They keep the keys that they had in the draft, and else in the last text that was promulgated. A person confirms
    them, where one might be the new wording of another.
    """
    drafted = tuple(text.articles or ())
    before = RegulationText.objects.last_promulgated(text.regulation)
    known = {one.key for one in drafted}
    in_force = tuple(before.articles or ()) if before else ()
    old = (*drafted, *(one for one in in_force if one.key not in known))
    found = propose_keys(old, wording, RegulationText.objects.used_keys(text.regulation))
    text.articles = tuple(one.article for one in found)
    gone = {one.key for one in in_force} - {one.key for one in text.articles}
    doubtful = any(one.match == Match.SIMILAR or (one.match == Match.NEW and gone) for one in found)
    text.keys_confirmed = not (in_force and doubtful)


class SetsWording:
    def apply(self, doing: Doing) -> None:
        set_wording(doing.record, doing.data["wording"])


class MatchesArticle:
    """Gives one article of the draft the key of the article that the form names, or a new one."""

    def apply(self, doing: Doing) -> None:
        text, data = doing.record, doing.data
        used = RegulationText.objects.used_keys(text.regulation)
        place = next(n for n, one in enumerate(text.articles) if one.key == data["article"])
        same = propose_keys(text.articles, [(one.heading, one.text) for one in text.articles], used)
        text.articles = confirm(same, {place: "" if data["was"] == NEW else data["was"]}, used)
        text.keys_confirmed = True


class ConfirmsKeys:
    def apply(self, doing: Doing) -> None:
        doing.record.keys_confirmed = True


class KeepsCommentDays:
    def apply(self, doing: Doing) -> None:
        doing.record.comment_days = doing.data["days"]


class SetsDocumentNumber:
    def apply(self, doing: Doing) -> None:
        check_not_past("since", doing.data["since"], doing)
        doing.record.document_number = doing.data["document_number"]


# --- Of a regulation --------------------------------------------------------------------------------------------------
def draft_text(regulation: Regulation, wording: Wording, by: User, at: datetime) -> RegulationText:
    """Drafts the regulation's next text. Its event names the act, so that whoever did it never checks it."""
    text = RegulationText(
        regulation=regulation,
        number=RegulationText.numbers().draw(at),
        edition=RegulationText.objects.next_edition(regulation),
        organ_id=regulation.organ_id,
        office_id=regulation.office_id,
        category=regulation.category,
        received_at=at,
        articles=(),
    )
    set_wording(text, wording)
    facts = {"act": "draft", "edition": text.edition, "at": at.isoformat()}
    log.record(events.TEXT_DRAFTED, subject=log.Subject(text.KIND, text.number), actor=actor_of(by), facts=facts)
    text.save(force_insert=True)
    return text


class DraftsText:
    """Drafts a new text; the one in force stays so."""

    def apply(self, doing: Doing) -> None:
        assert doing.event is not None
        draft_text(doing.record, doing.data["wording"], doing.actor, doing.at)
        log.resume(doing.event)


@dataclass(frozen=True)
class EndsText:
    """Ends the text in force on the day of this field, which is the first without it."""

    def apply(self, doing: Doing) -> None:
        end_text(doing.record, doing.data["since"])


def end_text(regulation: Regulation, day: date) -> None:
    """Ends the last text on this day, the first on which it is not in force any more."""
    last = RegulationText.objects.last_promulgated(regulation)
    if last is None or last.until is not None:
        return
    assert last.since is not None
    if day <= last.since:
        raise Invalid({"since": [_("不能早于施行的日子（%(day)s）") % {"day": last.since.isoformat()}]})
    last.until = day
    last.save(update_fields=["until"])


class SetsDuties:
    """Writes who carries it out, who supervises it, who answers for it, and what else the form says of it."""

    NAMES = (
        "category", "powers", "is_hot_spot", "owner", "supervisor", "accountability", "accountable_organ", "safeguards",
        "enforced_by", "implements_due",
    )  # fmt: skip

    def apply(self, doing: Doing) -> None:
        for name in self.NAMES:
            setattr(doing.record, name, doing.data[name])


class HandsToOwner:
    """Hands what the owner owes to the new one, whatever its organ."""

    def __init__(self, *rules: str) -> None:
        self.rules = rules

    def apply(self, doing: Doing) -> None:
        regulation = doing.record
        for one in regulation.owed:
            if one.closed_at is None and one.rule in self.rules and one.post_id != regulation.owner_id:
                obligations.hand_over_one(one.pk, regulation.owner_id)
