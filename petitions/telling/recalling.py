"""A letter that says what holds no longer is taken out of the queue before anybody tells it."""

from dataclasses import dataclass

from audit import context, log
from massline.acts import Doing
from petitions import events
from petitions.telling.models import Telling, TellingState
from responsibility import obligations
from responsibility.recording import subject_of


@dataclass(frozen=True)
class Recalls:
    """Each waiting letter of this name, with an event of its own; a message about it that waits is not sent then."""

    letter: str

    def apply(self, doing: Doing) -> None:
        assert doing.event is not None
        waiting = Telling.objects.filter(demand=doing.record, letter=self.letter, state=TellingState.WAITING)
        for telling in waiting.order_by("pk"):
            facts = {"letter": telling.letter, "at": doing.at.isoformat()}
            actor = context.actor_of(doing.actor)
            log.record(events.RECALLED, subject=subject_of(doing.record), actor=actor, facts=facts)
            telling.state = TellingState.RECALLED
            telling.save(update_fields=["state"])
            if telling.owed_id is not None:
                obligations.close_one(telling.owed_id, doing.at, released=True)
            log.resume(doing.event)
