"""What acts of every kind of record can do."""

from dataclasses import dataclass

from accounts.models import User
from massline.acts import Doing
from records.models import ActText


@dataclass(frozen=True)
class Writes:
    """Keeps a text of the act's form as a row of its own; an empty one leaves none."""

    field: str
    public: bool = False
    kind: str = ""
    """What sort of text it is, where the field's name does not say it."""

    def apply(self, doing: Doing) -> None:
        text = doing.data.get(self.field)
        if not text:
            return
        assert doing.event is not None
        ActText.objects.create(
            subject_kind=doing.record.matter.kind,
            subject_id=doing.record.matter.pk,
            kind=self.kind or self.field,
            act=doing.act.slug,
            event_id=doing.event,
            public=self.public,
            text=text,
            author=doing.actor if isinstance(doing.actor, User) else None,
            written_at=doing.at,
        )
