"""The words for the codes in the events of petitions."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from citizens.identity.labels import IDENTITY_LABELS
from petitions import events
from petitions.models import Channel, Outcome, RatedObject
from records.timeline import register_words
from responsibility import content_classes


def _class_name(code: str) -> str:
    return " / ".join(content_classes.path(code))


CLASSES = {code: lazy(_class_name, str)(code) for code in content_classes.table()}
WORDS: dict[str, Mapping[str, Any]] = {
    "category": CLASSES,
    "category_before": CLASSES,
    "channel": dict(Channel.choices),
    "outcome": dict(Outcome.choices),
    "object": dict(RatedObject.choices),
    "fields": IDENTITY_LABELS,
    "decision": {"upheld": _("异议成立，重新转办"), "dismissed": _("异议不成立，仍由该单位办理")},
}

register_words(events.OF_PETITIONS, WORDS)
