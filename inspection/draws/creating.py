"""Locks the pool and the seed of a draw."""

import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import context, log
from inspection.draws import events
from inspection.draws.acts import TO_OPEN
from inspection.draws.checker import hash_of_pool, hash_of_seed
from inspection.duties import office_posts
from inspection.models import Draw, DrawEntry, Task, TaskState
from inspection.models.draw import MAX_DRAWN
from massline.acts import Invalid
from massline.texts import LineField
from responsibility import obligations


class DrawForm(forms.Form):
    """How many of the tasks that the office has written off are looked at again."""

    title = LineField(label=gettext_lazy("抽查名称"), max_length=100)
    size = forms.IntegerField(
        label=gettext_lazy("抽多少件"),
        min_value=1,
        max_value=MAX_DRAWN,
        help_text=gettext_lazy("从本部门已销号的事项里抽；抽到的列入回头看"),
    )


@transaction.atomic(savepoint=False)
def lock_draw(data: dict[str, Any], user: User, at: datetime) -> Draw:
    """Creates the draw of a valid form; its event holds the hash of the pool and of the seed."""
    office = office_posts(user)[0].organ
    pool = sorted(Task.objects.filter(office=office, state=TaskState.CLOSED).values_list("number", flat=True))
    if len(pool) < data["size"]:
        raise Invalid({"size": [_("已销号的只有 %(count)s 件，不够抽") % {"count": len(pool)}]})
    seed, number = secrets.token_hex(32), Draw.numbers().draw(at)
    hashes = {"pool_hash": hash_of_pool(pool), "seed_hash": hash_of_seed(seed)}
    facts = {"act": "lock", "count": len(pool), "size": data["size"], "at": at.isoformat(), **hashes}
    actor = context.actor_of(user)
    log.record(events.LOCKED, subject=log.Subject(Draw.KIND, number), actor=actor, facts=facts)
    draw = Draw.objects.create(
        number=number, organ_id=office, office_id=office, received_at=at, seed=seed, **hashes, **data
    )
    DrawEntry.objects.bulk_create(DrawEntry(draw=draw, number=one) for one in pool)
    obligations.open_(draw.matter, TO_OPEN, draw.chain_subject(), at)
    return draw
