"""Whatever is done to a regulation, at most one text is in force on a day, one is open, and there is a way on."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from institutions.acts import REGULATION_ACTS, TEXT_ACTS
from institutions.models import ENDED, OPEN_TEXT, Regulation, RegulationText
from massline.acts import ActError
from massline.time import today
from tests.institutions_lab import INPUT, TEXT_INPUT, add_legal_office, does, in_days, in_force, proposed, text_of

pytestmark = pytest.mark.django_db
WHO = ("leader", "receiver", "handler", "legal", "legal_head")
OF_TEXTS = [act.slug for act in TEXT_ACTS if act.slug not in ("attach", "propose_publication")]
OF_REGULATIONS = [act.slug for act in REGULATION_ACTS if act.slug not in ("attach", "propose_publication")]
STEP = st.tuples(
    st.sampled_from(["text", "text", "regulation"]), st.integers(0, 99), st.sampled_from(WHO), st.integers(-2, 40)
)


def step(city, regulation, what, which, who, day):
    """Somebody tries something, with a day of their own; what is refused changes nothing."""
    record = text_of(regulation) if what == "text" else regulation
    slugs, inputs = (OF_TEXTS, TEXT_INPUT) if what == "text" else (OF_REGULATIONS, INPUT)
    act = slugs[which % len(slugs)]
    given = {name: in_days(day) if name == "since" else value for name, value in inputs[act].items()}
    if act == "promulgate":
        given |= {"document_number": f"试建规〔2026〕{record.pk}{which}号"}
        given |= {"expires": in_days(day + which)} if which % 2 else {}
    if act == "submit":
        given |= {"confirmed": "on"}
    try:
        with transaction.atomic():
            does(city, record, who, act, **given)
    except ActError:
        return


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_of(st.booleans(), st.lists(STEP, max_size=14))
def test_whatever_comes_one_text_is_in_force_and_there_is_a_way_on(city, begun, steps):
    add_legal_office(city)
    regulation = in_force(city) if begun else proposed(city)
    for one in steps:
        step(city, regulation, *one)
    regulation = Regulation.objects.get(pk=regulation.pk)
    texts = RegulationText.objects.of(regulation)
    for offset in range(-3, 90):
        assert texts.on(today() + timedelta(days=offset)).count() <= 1
    open_ones = [text for text in texts if text.state in OPEN_TEXT]
    assert len(open_ones) <= 1
    if regulation.state in ENDED:
        assert not texts.on(today() + timedelta(days=400)).exists()
    acts = {act.slug for act in REGULATION_ACTS.open_to(regulation, city.leader)}
    assert regulation.state in ENDED or open_ones or acts & {"revise", "repeal", "drop"}
    for text in open_ones:
        assert "withdraw" in {act.slug for act in TEXT_ACTS.open_to(text, city.leader)}
