"""The words for the codes in the events of citizens."""

from citizens import events
from citizens.identity.labels import IDENTITY_LABELS
from citizens.identity.person_search import Ground
from citizens.models import TellBy
from citizens.models.notifications import WhyReturned
from citizens.public_sides import LetterTitles
from citizens.telling.acts import Unclear
from records.timeline import register_words

register_words(
    events.OF_CITIZENS,
    {
        "letter": LetterTitles(),
        "how": dict(TellBy.choices),
        "unclear": dict(Unclear.choices),
        "returned": dict(WhyReturned.choices),
        "field": IDENTITY_LABELS,
        "ground": dict(Ground.choices),
    },
)
