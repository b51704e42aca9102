"""Links a record that fulfils a recurring duty with its period: the page of the duty shows the record and that of the
record the duty, each as far as it exists for the reader."""

from django.utils.translation import gettext_lazy

from accounts.models import User
from massline.acts import Doing
from records import links
from records.links import Relation
from responsibility.fulfilments import Fulfilment
from responsibility.models import DutyPeriod

FULFILS = Relation("fulfils", gettext_lazy("履行的职责"), gettext_lazy("由此履行"))
"""An act on the source did what the target, a period of a recurring duty, asks for."""
links.register(FULFILS)


class LinkedFulfilments:
    def keep(self, period: DutyPeriod, doing: Doing) -> None:
        by = doing.actor if isinstance(doing.actor, User) else None
        links.link(doing.record.matter, period.matter, FULFILS.name, by=by, at=doing.at, event=doing.event)

    def of(self, period: DutyPeriod, user: User) -> list[Fulfilment]:
        return [
            Fulfilment(one.kind_label, one.number, one.title, one.url)
            for one in links.links_of(period, user)
            if one.relation == FULFILS.name
        ]
