"""The long version: many walks with printed seeds, ten thousand overdue at once, and everything side by side."""

import os
import random
import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from audit.verify import verify
from massline.acts import ActError, perform
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, Notice, Obligation
from responsibility.sweep import sweep
from tests.chain_lab import event
from tests.city import ANSWER, build_city, file_petition, walk_to
from tests.petitions.test_anchors import ten_thousand_overdue
from tests.spine_walk import walk

pytestmark = pytest.mark.soak


def test_many_long_walks(django_db_setup, django_db_blocker):
    first = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    with django_db_blocker.unblock():
        for seed in range(first, first + int(os.environ.get("WALKS", "20"))):
            walk(seed, steps=250)


@pytest.mark.django_db
def test_anchor_2_ten_thousand_overdue_full_size(city):
    ten_thousand_overdue(city, 10_000)


def test_officials_leaders_and_sweepers_side_by_side(cloned_db):
    """Answers, returns, instructions and two sweepers on the same few petitions: no deadlock, no lost step."""
    with transaction.atomic():
        event()
        build_city()
        long_ago = timezone.now() - timedelta(days=200)
        demands = [walk_to("handling", file_petition(received_at=long_ago)).demand.pk for _ in range(4)]
        Obligation.objects.open().update(due_at=long_ago, strict_at=long_ago, next_at=long_ago, next_step="overdue")
    errors: list[str] = []
    stop = threading.Event()
    threads = [threading.Thread(target=_keeps, args=(job, demands, n, stop, errors)) for n, job in enumerate(JOBS)]
    for thread in threads:
        thread.start()
    stop.wait(float(os.environ.get("SOAK_SECONDS", "30")))
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors, "\n".join(errors[:5])
    rows = list(Escalation.objects.values_list("obligation", "step"))
    assert rows and len(rows) == len(set(rows))
    told = Notice.objects.filter(escalation__isnull=False).values_list("escalation", "recipient")
    assert len(told) == len(set(told))
    for demand in Demand.objects.filter(pk__in=demands):
        opened = Obligation.objects.open().about("petition", demand.pk)
        assert opened.count() == 1 and demand.due_at == opened.get().due_at
    assert not Escalation.objects.filter(state__in=Escalation.OPEN, obligation__closed_at__isnull=False).exists()
    assert verify().ok


def _keeps(job, demands, seed, stop, errors):
    """Does a job again and again; a refusal is an answer, any other exception is a fault."""
    pick = random.Random(seed)
    while not stop.is_set():
        try:
            job(pick, pick.choice(demands))
        except ActError:
            pass
        except Exception as error:
            errors.append(f"{job.__name__}: {error!r}")
    connections.close_all()


def _do(who, slug, pk, data):
    perform(OFFICIAL_ACTS[slug], Demand, pk, User.objects.get(username=who), data)


def answers(pick, pk):
    _do(pick.choice(("handler", "colleague")), "answer", pk, ANSWER)


def returns(pick, pk):
    _do("chief", "return", pk, {"reason": "没有写明依据"})


def assigns(pick, pk):
    _do("deputy", "assign", pk, {"handler": pick.choice(("handler", "colleague"))})


def leads(pick, pk):
    step = Escalation.objects.filter(state__in=Escalation.OPEN).order_by("?").first()
    if step is None:
        stepless(pick)
        return
    notice = step.notices.filter(kind="escalated").first()
    actor = User.objects.get(pk=notice.recipient_id)
    act = LEADER_ACTS[pick.choice(("acknowledge", "instruct", "reassign"))]
    data = {"text": "限期办结"}
    if act.slug == "reassign":
        offered = act.build_form(step, actor, None).fields["post"].choices
        data["post"] = offered[0][0] if offered else ""
    perform(act, Escalation, step.pk, actor, data)


def stepless(pick):
    """Nothing has climbed: what is open falls due a little further."""
    with transaction.atomic():
        event()
        for owed in Obligation.objects.open().filter(subject_kind="petition").select_for_update(skip_locked=True):
            if owed.next_at is not None:
                Obligation.objects.filter(pk=owed.pk).update(next_at=timezone.now())


def sweeps(pick, pk):
    swept = sweep(batch=pick.choice((1, 2, 200)))
    assert not swept.failed


JOBS = (answers, returns, assigns, leads, sweeps, sweeps)
