"""My work as a list that is gone through: what is in it, the place of one matter, and the next one after that."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from massline.pages import dated, keyset, seal_cursor
from responsibility.desk.described import describe
from responsibility.desk.owed import owed_by
from responsibility.models import Obligation
from responsibility.rules import rules

PLACE = "after"
"""The parameter of a record's address that says from which place in the list its reader came."""


@dataclass(frozen=True)
class WorkList:
    """What a person owes; of one duty alone (`rule`), where they chose one."""

    rule: str = ""
    place: str = ""
    """Where in the list the page stands that was asked for; empty where its reader did not come from there."""

    @classmethod
    def of(cls, request: HttpRequest) -> "WorkList":
        chosen = request.GET.get("owed", "")
        return cls(chosen if chosen in rules() else "", request.GET.get(PLACE, ""))

    def owed(self, user: User) -> QuerySet[Obligation]:
        return owed_by(user).filter(rule=self.rule) if self.rule else owed_by(user)

    def lines(self, user: User) -> QuerySet[Obligation]:
        """Queries one obligation for each matter: the one that is due first."""
        subject = ("subject_kind", "subject_id")
        first = self.owed(user).order_by(*subject, dated("due_at"), "id").distinct(*subject).values("pk")
        return Obligation.objects.filter(pk__in=first).select_related("escalation__obligation", "organ")

    @property
    def address(self) -> str:
        return reverse("desk") + (f"?{urlencode({'owed': self.rule})}" if self.rule else "")

    def query_at(self, line: Obligation) -> str:
        """Returns what is added to the address of a line's page."""
        date = line.due_at.isoformat() if line.due_at else None
        return WorkList(self.rule, seal_cursor([False, date, line.pk, 0])).query

    @property
    def query(self) -> str:
        """Returns what keeps the place through an act and the page after it; empty where there is none."""
        kept = {"owed": self.rule, PLACE: self.place}
        return f"?{urlencode({name: value for name, value in kept.items() if value})}" if self.place else ""


@dataclass(frozen=True)
class NextItem:
    """The way on from a matter that was opened from my work."""

    list_url: str
    query: str
    url: str
    """Of the next matter; empty after the last one."""
    title: str


def next_item(request: HttpRequest, user: User, kind: str, pk: int) -> NextItem | None:
    """Returns the way on from this matter, for who came from my work; raises BadCursor."""
    listed = WorkList.of(request)
    if not listed.place:
        return None
    others = listed.lines(user).exclude(subject_kind=kind, subject_id=pk)
    after = keyset(others, listed.place, {}, size=1).rows or keyset(others, "", {}, size=1).rows
    described = describe(after, user)
    for line in after:
        if about := described.get((line.subject_kind, line.subject_id)):
            url = reverse("escalation", args=[line.escalation_id]) if line.escalation_id else about.url
            return NextItem(listed.address, listed.query, url + listed.query_at(line), about.title)
    return NextItem(listed.address, listed.query, "", "")
