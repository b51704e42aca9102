"""Accusations of the time before go into the register, and nobody sees more of them than before.

One that is open waits for one of the readers for whom it existed: they hand it over. One that had ended, or that
nobody could read, is kept sealed. A worker sees to what follows (petitions/transfers/tidying.py).
"""

import secrets
from functools import partial

from django.db import migrations
from django.utils import timezone

from audit.operations import Explain

FINAL = ("closed", "not_accepted", "withdrawn")


def move(apps, schema_editor):
    now, rows = timezone.now(), partial(_rows, apps, schema_editor.connection.alias)
    for demand in rows("petitions.Demand").filter(purpose="accusation").select_related("petition").order_by("pk"):
        reader, post = _reader(rows, demand) if demand.state not in FINAL else (None, None)
        rows("petitions.Transfer").create(
            number=f"YS{now:%Y%m%d}-0{secrets.randbelow(10**9):09d}",
            demand=demand,
            channel=demand.petition.channel,
            state="to_send" if reader else "kept",
            entered_at=now,
            sent_by_id=reader,
            sent_from_id=demand.office_id,
            post_id=post,
        )
        _release(rows, demand, now)
        if demand.state not in FINAL:
            demand.state, demand.handler_id, demand.outcome = "transferred", None, ""
            demand.opened_at = demand.strict_at = demand.due_at = None
        demand.sealed, demand.purpose = True, "other"
        demand.save()


def _rows(apps, alias, model):
    """As the owner, who migrates."""
    return apps.get_model(model).objects.using(alias)


def _reader(rows, demand):
    """The first of the named readers for whom it existed, with their post in the office; none when there was none."""
    today = timezone.localdate()
    complained = rows("petitions.Complained").filter(petition=demand.petition_id)
    accused_people = {pk for pk in complained.values_list("user", flat=True) if pk}
    accused = {pk for pk in complained.values_list("organ", flat=True) if pk}
    named = rows("petitions.NamedReader").filter(office=demand.office_id, since__lte=today)
    readers = sorted(set(named.exclude(until__lte=today).values_list("user", flat=True)) - accused_people)
    held = rows("responsibility.Appointment").filter(since__lte=today).exclude(until__lte=today)
    held = list(held.select_related("post").order_by("post"))
    led = {h.post.organ_id for h in held if h.user_id in accused_people and (h.post.is_top or h.post.in_charge_of)}
    for reader in readers:
        theirs = [h.post for h in held if h.user_id == reader]
        organs = {post.organ_id for post in theirs}
        here = [post.pk for post in theirs if post.organ_id == demand.office_id]
        if here and not organs & led and not _with_those_above(rows, organs) & accused:
            return reader, here[0]
    return None, None


def _with_those_above(rows, organs):
    parents = dict(rows("responsibility.Organ").values_list("pk", "parent"))
    found = set()
    for organ in organs:
        while organ is not None and organ not in found:
            found.add(organ)
            organ = parents[organ]
    return found


def _release(rows, demand, now):
    """Nothing is owed about it any more, nor has anybody above to answer for it."""
    owed = rows("responsibility.Obligation").filter(subject_kind="petition", subject_id=demand.pk)
    climbed = rows("responsibility.Escalation").filter(obligation__in=owed, state__in=("sent", "acknowledged"))
    answers = rows("responsibility.Obligation").filter(escalation__in=climbed)
    for obligation in [*answers.filter(closed_at=None), *owed.filter(closed_at=None)]:
        if obligation.due_at and obligation.due_at <= now and not obligation.breached_at:
            obligation.breached_at = obligation.due_at
        obligation.closed_at, obligation.outcome = now, "released"
        obligation.next_step, obligation.next_at = "", None
        obligation.save()
    for escalation in climbed:
        escalation.state = "settled"
        escalation.save()


class Migration(migrations.Migration):
    dependencies = [("petitions", "0021_transfers")]
    operations = [Explain("petitions_demand"), migrations.RunPython(move, migrations.RunPython.noop)]
