"""One definition of who sees what: the ledger's queryset and the roles of one petition agree in any city."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Kind, User
from citizens.citizen import Citizen
from citizens.models import Complained, Filing, TellBy
from petitions.duties import PETITION_OFFICE
from petitions.models import OPEN, Demand, Outcome, Petition, Purpose, State
from responsibility.models import Absence, Appointment, Organ, Post, Region
from tests.chain_lab import event
from tests.city import has_duty

pytestmark = pytest.mark.django_db
ORGANS, PEOPLE, POSTS = 7, 6, 9
CLASSES = ["", "01", "0102", "010203", "02"]
DAYS = st.integers(-3, 3)
PEOPLE_DRAWN = st.lists(
    st.tuples(st.sampled_from([Kind.OFFICIAL] * 4 + list(Kind)), st.booleans() | st.just(True)),
    min_size=PEOPLE, max_size=PEOPLE,
)  # fmt: skip
POSTS_DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "organ": st.integers(0, ORGANS - 1),
            "is_top": st.booleans(),
            "is_intake": st.booleans(),
            "in_charge_of": st.lists(st.sampled_from(CLASSES), max_size=2),
            "holder": st.integers(0, PEOPLE - 1),
            "since": DAYS,
            "length": st.none() | st.integers(1, 4),
            "stand_in": st.none() | st.integers(0, PEOPLE - 1),
        }
    ),
    min_size=1,
    max_size=POSTS,
)
DEMANDS_DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(list(State)),
            "organ": st.integers(0, ORGANS - 1),
            "office": st.sampled_from([1, 3, 4]),
            "handler": st.integers(0, POSTS - 1),
            "category": st.sampled_from(["010203", "010201", "020000", "990000"]),
            "people": st.sets(st.integers(0, PEOPLE - 1), max_size=2),
            "organs": st.sets(st.integers(0, ORGANS - 1), max_size=1),
        }
    ),
    min_size=1,
    max_size=5,
)
CITIES = st.fixed_dictionaries(
    {
        "parents": st.lists(st.integers(0, ORGANS), min_size=ORGANS, max_size=ORGANS),
        "region_parents": st.lists(st.integers(0, 2), min_size=3, max_size=3),
        "people": PEOPLE_DRAWN,
        "posts": POSTS_DRAWN,
        "demands": DEMANDS_DRAWN,
        "passed_on": st.booleans(),
    }
)


class City:
    def __init__(self, drawn: dict[str, Any], day: date) -> None:
        self.day = day
        self.regions: list[Region] = []
        for n in range(3):
            parent = self.regions[min(drawn["region_parents"][n], n - 1)] if n else None
            self.regions.append(Region.objects.create(code=f"77000{n}", name=f"地区{n}", parent=parent))
        self.organs: list[Organ] = []
        for n in range(ORGANS):
            parent_organ = self.organs[min(drawn["parents"][n], n - 1)] if n else None
            region = self.regions[{1: 0, 3: 1}.get(n, n % 3)]
            self.organs.append(
                Organ.objects.create(
                    code=f"v{n}", name=f"机关{n}", kind="department", region=region, parent=parent_organ
                )
            )
        self.offices = self._offices(drawn["passed_on"])
        self.people = [
            User.objects.create(username=f"v{n}", name=f"人{n}", kind=kind, is_active=active, password="!")
            for n, (kind, active) in enumerate(drawn["people"])
        ]
        self.posts = [self._post(n, spec) for n, spec in enumerate(drawn["posts"])]
        self.demands = [self._demand(n, spec) for n, spec in enumerate(drawn["demands"])]

    def _offices(self, passed_on: bool) -> dict[int, Organ]:
        """Organ 1 and organ 3 are petition offices; the latter, perhaps, handed it on to organ 4 today."""
        has_duty(self.organs[1], PETITION_OFFICE)
        has_duty(self.organs[3], PETITION_OFFICE, until=self.day if passed_on else None)
        if passed_on:
            has_duty(self.organs[4], PETITION_OFFICE, region=self.organs[3].region, since=self.day)
        return {1: self.organs[1], 3: self.organs[3], 4: self.organs[4 if passed_on else 3]}

    def _post(self, n: int, spec: dict[str, Any]) -> Post:
        made = Post.objects.create(
            organ=self.organs[spec["organ"]], name=f"岗位{n}", is_top=spec["is_top"], is_intake=spec["is_intake"],
            in_charge_of=spec["in_charge_of"],
        )  # fmt: skip
        since = self.day + timedelta(days=spec["since"])
        until = since + timedelta(days=spec["length"]) if spec["length"] else None
        held = Appointment.objects.create(user=self.people[spec["holder"]], post=made, since=since, until=until)
        if spec["stand_in"] is not None:
            away = Absence.objects.create(appointment=held, since=since, until=since + timedelta(days=1))
            Appointment.objects.create(
                user=self.people[spec["stand_in"]], post=made, kind="acting", because="absence", absence=away,
                since=away.since, until=away.until,
            )  # fmt: skip
        return made

    def _demand(self, n: int, spec: dict[str, Any]) -> Demand:
        now, state = timezone.now(), spec["state"]
        filing = Filing.objects.create(kind=Demand.KIND, tell_by=TellBy.SMS)
        petition = Petition.objects.create(
            filing=filing, number=f"V{n}", channel="web", received_at=now, region=self.regions[0], title="题", body="文"
        )
        for who in spec["people"]:
            Complained.objects.create(filing=filing, kind="person", name=f"人{who}", user=self.people[who])
        for organ in spec["organs"]:
            Complained.objects.create(filing=filing, kind="organ", name=f"机关{organ}", organ=self.organs[organ])
        handled = state in (*Demand.HAS_HANDLER, State.CLOSED)
        return Demand.objects.create(
            petition=petition, state=state, organ=self.organs[spec["organ"]], office=self.offices[spec["office"]],
            handler=self.posts[spec["handler"] % len(self.posts)] if handled else None,
            category=spec["category"], purpose=Purpose.REQUEST, received_at=now,
            sealed=state == State.TRANSFERRED,
            outcome=Outcome.SUPPORTED if state in Demand.HAS_OUTCOME else "",
            strict_at=now if state in OPEN else None, due_at=now if state in OPEN else None,
        )  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(drawn=CITIES)
def test_anchor_12_what_a_list_shows_is_what_its_page_opens(drawn: dict[str, Any]) -> None:
    with transaction.atomic():
        event()
        made = City(drawn, timezone.localdate())
        for pk in [person.pk for person in made.people]:
            user = User.objects.get(pk=pk)  # as a request reads it
            listed = set(Demand.objects.for_user(user).values_list("pk", flat=True))
            opened = {d.pk for d in made.demands if d.roles_of(user)}
            assert listed == opened, user
            check_walls(made, user, listed)
        transaction.set_rollback(True)


def check_walls(made: City, user: User, listed: set[int]) -> None:
    """The rules of Art. 28 and 30 in other words than the code has them."""
    for d in made.demands:
        if d.pk not in listed:
            continue
        named = set(d.petition.filing.complained.values_list("user", flat=True))
        assert user.pk not in named
        assert user.is_active and user.kind in (Kind.OFFICIAL, Kind.INSPECTOR, Kind.AUDITOR)
        assert d.state != State.TRANSFERRED


def test_a_tracking_code_opens_one_petition_and_no_role_but_its_own(city: Any) -> None:
    from tests.city import file_petition

    mine, other = file_petition(), file_petition()
    assert mine.demand.roles_of(Citizen(mine.petition.pk)) == {"citizen"}
    assert mine.demand.roles_of(Citizen(other.petition.pk)) == frozenset()
