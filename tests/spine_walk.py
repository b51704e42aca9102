"""A random walk over the spine: random legal acts by random people between sweeps, and rules that always hold."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from django.db import transaction

from accounts.models import User
from audit import log
from audit.models import AuditEvent, AuditRow
from audit.verify import verify
from citizens.citizen import Citizen
from citizens.models import Complained
from massline.acts import ActError, Invalid, perform
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.models import FINAL, Demand
from responsibility import events, obligations
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation, Notice, Obligation
from responsibility.sweep import sweep
from tests import database
from tests.chain_lab import absent, acts_for, event, sh
from tests.city import CATEGORY, build_city, file_petition

COMPLAINED = ("韩办成", "傅主管", "林局正", "程登记", "甄书成", "钱接文", "试水市住房和城乡建设局")
BY_EVENTS = frozenset({"register", "forward", "object", "decide_objection", "accept", "decline", "agree", "disagree",
                       "answer", "return",
                       "write_off", "withdraw"})  # fmt: skip
APART = {"XF02", "XF03", "ML05", "ML06"}
"""Letters to tell and looks to give: they outlive the petition's end, and stay with whom they were opened on."""
CLASSES = (CATEGORY, "010201", "020101")
TEXTS = {"text": "走访核实", "reason": "情况有变，须当面核实后再定", "evidence": "电话回访", "question": "请问是几楼",
         "note": "已核对", "where_to_go": "市法院", "name": "记录.txt", "content": "5Zyo",
         "public": ""}  # fmt: skip


class Walk:
    """Some petitions in the city of tests/city.py. Every choice comes from one seed."""

    def __init__(self, city: SimpleNamespace, seed: int, petitions: int = 3) -> None:
        self.city, self.random = city, random.Random(seed)
        self.now = sh("2026-03-02 09:00")
        self.officials = list(User.objects.exclude(kind__in=("sysadmin", "secadmin", "auditadmin")).order_by("pk"))
        self.done: list[str] = []
        self.refused = 0
        self.breached: dict[int, datetime] = {}
        self.dates: dict[int, tuple[Any, ...]] = {}
        with time_machine.travel(self.now, tick=False):
            self.demands = [self.file().pk for _ in range(petitions)]
        self.check(moved=None)

    def file(self) -> Demand:
        pick = self.random
        named = pick.sample(COMPLAINED, pick.choice((0, 0, 1, 2)))
        filed = file_petition(
            received_at=self.now,
            region=pick.choice(("990100000000", "990102000000")),
            purpose=pick.choice(("request", "request", "request", "appeal", "other")),
            complained_about=[{"kind": "organ" if "局" in n and len(n) > 4 else "person", "name": n} for n in named],
        )
        return filed.demand

    def step(self) -> None:
        """One random thing happens, and everything that must hold still holds."""
        self.now += timedelta(minutes=self.random.choice((1, 30, 240, 1440, 1440, 2880, 7200)))
        what = self.random.choices((self.act, self.lead, self.sweep, self.leave, self.extend), (60, 12, 25, 2, 2))[0]
        with time_machine.travel(self.now, tick=False):
            moved = what()
            self.check(moved)

    def sweep(self) -> None:
        swept = sweep(self.now)
        assert not swept.failed and swept.remaining == 0
        self.done.append(f"sweep {self.now:%m-%d} {swept.warned}/{swept.overdue}/{swept.escalated}")

    def leave(self) -> None:
        """Somebody goes on leave; half of them with somebody acting."""
        post = self.random.choice([p for name, p in sorted(self.city.post.items())])
        if post.appointments.exclude(kind="regular").exists() or post.appointments.get().absences.exists():
            return
        with transaction.atomic():
            event()
            away = absent(post, self.now.date(), days=self.random.randint(3, 40))
            if self.random.random() < 0.5:
                acts_for(self.random.choice(self.officials), away)
        self.done.append(f"leave {post}")

    def extend(self) -> set[int]:
        """延期 by any other way than the act: under an event that names the obligation's goal."""
        found = list(Obligation.objects.open().filter(rule="XF06", extended_days=0).order_by("pk"))
        if not found:
            return set()
        owed = self.random.choice(found)
        with transaction.atomic():
            log.record(events.EXTENDED, subject=owed.subject, facts={"goal": owed.goal, "days": 30, "due": ""})
            obligations.extend(owed, 30, self.now)
            demand = Demand.objects.get(pk=owed.subject_id)
            first = Obligation.objects.open().about("petition", demand.pk).order_by("due_at").first()
            Demand.objects.filter(pk=demand.pk).update(strict_at=first.strict_at, due_at=first.due_at)
        self.done.append(f"extend {owed}")
        return {owed.pk}

    def act(self) -> set[int]:
        """An act that this person may do now by its declaration; what it still refuses changes nothing."""
        demand = Demand.objects.select_related("petition", "organ").get(pk=self.random.choice(self.demands))
        actor, acts = self.somebody(demand)
        if not acts:
            return set()
        chosen = self.random.choice(acts)
        before = state_of(demand.pk)
        try:
            perform(chosen, Demand, demand.pk, actor, self.data(chosen, demand, actor))
        except Invalid as error:
            if error.errors.keys() in ({"handler"}, {"organ"}):  # nobody is left who could handle it, or take it over
                return set()
            raise AssertionError(f"{chosen.slug}: {error.errors}") from error
        except ActError:
            self.refused += 1
            assert state_of(demand.pk) == before
            return set()
        self.done.append(f"{chosen.slug} {demand} by {getattr(actor, 'username', 'citizen')}")
        return set(Obligation.objects.about("petition", demand.pk).values_list("pk", flat=True))

    def somebody(self, demand: Demand) -> tuple[Any, list[Any]]:
        """Whoever may do something to it now; mostly something that brings it further."""
        pick = self.random
        people = [User.objects.get(pk=u.pk) for u in pick.sample(self.officials, len(self.officials))]
        if pick.random() < 0.1:
            people.insert(0, Citizen(demand.petition_id))
        further = pick.random() < 0.8
        for actor in people:
            acts = (CITIZEN_ACTS if isinstance(actor, Citizen) else OFFICIAL_ACTS).open_to(demand, actor)
            rare = {"withdraw": 0.1, "decline": 0.1, "write_off": 0.4}
            acts = [a for a in acts if pick.random() < rare.get(a.slug, 1) and (a.to or not further)]
            if acts:
                return actor, acts
        return None, []

    def data(self, chosen: Any, demand: Demand, actor: Any) -> dict[str, Any]:
        pick = self.random
        form = chosen.build_form(demand, actor, None)
        made: dict[Callable[[], Any] | str, Any] = {
            "category": CATEGORY, "region": demand.petition.region.code, "purpose": demand.purpose,
            "agree": pick.choice(("true", "false")), "outcome": pick.choice(("supported", "explained")),
            "object": pick.choice(("organ", "petition_office")), "score": str(pick.randint(1, 5)), "fields": ["name"],
            "days": str(pick.randint(1, 30)), "pages": "2", "sure": "on",
        } | TEXTS  # fmt: skip
        if chosen.slug == "reclassify":
            made["category"] = pick.choice([code for code in CLASSES if code != demand.category])
        if chosen.slug == "look_into":
            made["object"] = pick.choice([side for side, _label in form.fields["object"].choices])
        if "organ" in form.fields:
            organs = organs_of(form.fields["organ"])
            made["organ"] = pick.choice(organs) if organs else ""
        if "handler" in form.fields:
            choices = [value for value, _ in form.fields["handler"].choices]
            made["handler"] = pick.choice(choices) if choices else ""
        return {name: made[name] for name in form.fields}

    def lead(self) -> None:
        """A leader answers what has climbed to them."""
        waiting = list(Escalation.objects.filter(state__in=Escalation.OPEN).order_by("pk"))
        if not waiting:
            return
        step = self.random.choice(waiting)
        for told in step.notices.filter(kind="escalated").order_by("pk"):
            actor = User.objects.get(pk=told.recipient_id)
            acts = LEADER_ACTS.open_to(step, actor)
            if not acts:
                continue
            chosen = self.random.choice(acts)
            data: dict[str, Any] = {"text": "限期办结"}
            if chosen.slug == "reassign":
                offered = [each for each in chosen.build_form(step, actor, None).fields["post"].choices if each[0]]
                if not offered:
                    continue
                data["post"] = self.random.choice(offered)[0]
            perform(chosen, Escalation, step.pk, actor, data)
            self.done.append(f"{chosen.slug} {step} by {actor.username}")
            return

    # --- what must hold ---------------------------------------------------------------------------------------------

    def check(self, moved: set[int] | None) -> None:
        try:
            for demand in Demand.objects.filter(pk__in=self.demands).select_related("petition"):
                self.check_demand(demand)
            self.check_dates(moved or set())
            self.check_told()
            self.check_explained()
        except AssertionError as error:
            raise AssertionError("\n".join([*self.done, str(error)])) from error

    def check_demand(self, demand: Demand) -> None:
        owed = list(Obligation.objects.about("petition", demand.pk).select_related("post"))
        opened = [o for o in owed if o.closed_at is None]
        assert demand.organ_id and demand.office_id
        if demand.state in FINAL:
            assert {o.rule for o in opened} <= APART
        else:
            assert opened, f"{demand} in {demand.state} owes nothing"
        assert demand.due_at == min((o.due_at for o in opened), default=None)
        for o in opened:
            assert o.rule in APART or o.organ_id in (demand.organ_id, demand.office_id)
            assert o.post.organ_id == o.organ_id
            assert o.breached_at is None or o.due_at is not None
        assert AuditEvent.objects.filter(subject_kind="petition", subject_key=demand.petition.number).exists()
        if demand.handler_id:
            assert demand.handler.organ_id == demand.organ_id

    def check_dates(self, moved: set[int]) -> None:
        """Dates move only by an event that names them; a breach stays; nothing is closed while it climbs."""
        for o in Obligation.objects.all():
            dates = (o.opened_at, o.strict_at, o.due_at)
            if o.pk in self.dates and self.dates[o.pk] != dates:
                assert o.pk in moved and o.extended_days, f"{o} moved"
            self.dates[o.pk] = dates
            assert self.breached.get(o.pk) in (None, o.breached_at), f"{o} lost its breach"
            if o.breached_at:
                self.breached[o.pk] = o.breached_at
        rows = Escalation.objects.values_list("obligation", "step")
        assert len(rows) == len(set(rows))
        done = Escalation.objects.filter(state__in=Escalation.OPEN, obligation__closed_at__isnull=False)
        assert not done.exists(), "a leader is asked for what is done"

    def check_told(self) -> None:
        """Nobody complained about is told anything."""
        numbers = dict(Demand.objects.filter(pk__in=self.demands).values_list("petition", "petition__number"))
        accused = Complained.objects.filter(filing__in=numbers, user__isnull=False)
        for petition, user in accused.values_list("filing", "user"):
            assert not Notice.objects.filter(subject_key=numbers[petition], recipient=user).exists()

    def check_explained(self) -> None:
        """Whatever was just done has committed, and no row of it was written before the event that says why."""
        unsaid = AuditRow.objects.unexplained()
        assert not unsaid.exists(), f"without an event: {list(unsaid)}"

    def finish(self) -> None:
        """Far later everything has climbed to its end, nothing is left over, and the log is whole."""
        for days in range(0, 200, 5):
            with time_machine.travel(self.now + timedelta(days=days), tick=False):
                swept = sweep(self.now + timedelta(days=days))
                assert not swept.failed and swept.remaining == 0
        with time_machine.travel(self.now + timedelta(days=200), tick=False):
            self.check(moved=None)
        late = Obligation.objects.open().filter(due_at__lte=self.now, breached_at=None)
        assert not late.exists()
        report = verify()
        assert report.ok, report


def organs_of(field: Any) -> list[str]:
    """The codes that a form offers: one list, or groups of them."""
    found: list[str] = []
    for value, label in field.choices:
        found += [code for code, _name in label] if isinstance(label, list | tuple) else [str(value)]
    return [code for code in found if code]


def state_of(pk: int) -> list[Any]:
    """A demand and all that hangs on it."""
    owed = Obligation.objects.about("petition", pk).order_by("pk").values_list()
    return [list(Demand.objects.filter(pk=pk).values_list()), list(owed), Notice.objects.count()]


def walk(seed: int, steps: int) -> None:
    """One walk in a database of its own, where each thing that happens commits by itself, as in real life."""
    print(f"seed {seed}")
    with database.passing(f"walk{seed}"):
        with transaction.atomic():
            event()
            city = build_city()
        walk = Walk(city, seed)
        for _ in range(steps):
            walk.step()
        walk.finish()
