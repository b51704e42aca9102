"""Chooses the act that a reader owes a record: its form stands open on the page, and the others are closed."""

from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import User
from massline.acts import Act
from responsibility.effects import Closes
from responsibility.people import position_of
from responsibility.rules import with_an_end_of_their_own
from responsibility.subjects import adapter


def next_act(record: Any, acts: Sequence[Act], user: User) -> str:
    """Returns the slug of the act that this person owes a record, of those open to them."""
    posts = position_of(user).posts
    owed = {o.rule for o in record.owed if o.closed_at is None and o.post_id in posts}
    return first_of(acts, record.state, owed, lambda: adapter(record.KIND).is_waiting_for(record, user))


def first_of(acts: Sequence[Act], state: str, owed: set[str], waits: Callable[[], bool] = lambda: False) -> str:
    """Returns the slug of the first act that ends what is owed under these rules, else of the first that leads on to
    another state.

    Empty where nothing is owed and the record does not wait for the reader either, and where that act refuses or gives
    away: no page suggests it.
    """
    ending = next((act for act in acts if _ends(act, owed)), None)
    if ending is not None:
        return "" if ending.tone == "danger" else ending.slug
    leading = next((act for act in acts if act.to and state not in act.to and act.tone != "danger"), None)
    return leading.slug if leading is not None and (owed or waits()) else ""


def _ends(act: Act, rules: set[str]) -> bool:
    """Tells whether the act, as declared, closes an obligation under one of these rules as done."""
    closing = [e for e in (getattr(each, "effect", each) for each in act.effects) if isinstance(e, Closes)]
    plain = rules.difference(with_an_end_of_their_own())
    return any(rules.intersection(e.rules) if e.rules else plain for e in closing if not e.released)
