"""Who has a petition in their ledger as it passes from hand to hand: gained, kept and lost, by hand for everybody."""

from types import SimpleNamespace
from typing import Any

import pytest

from massline.acts import perform
from massline.keys import key_of
from responsibility.acts import LEADER_ACTS
from responsibility.models import Escalation
from tests.chain_lab import at, owed_about, sweep_at
from tests.city import ANSWER, NAMES, REGISTER, act, file_petition
from tests.people_lab import opens, rest

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
DISTRICT = "990102000000"
READERS = (*NAMES, "inspector", "auditor")
"""Everybody but the three administrations, who read no petition (test_access_matrix.py)."""
ALL_OVER_IT = "secretary mayor inspector auditor"
OFFICE = f"clerk chief {ALL_OVER_IT}"
DEPARTMENT = f"{OFFICE} receiver deputy leader"
IN_THE_DISTRICT = f"{OFFICE} district_clerk district_chief district_head"
REASON = {"reason": "不属于本单位职责"}
TO_DEPARTMENT = {"organ": "department", "note": ""}
DECLINE = {"reason": "已进入诉讼程序", "where_to_go": "试水市中级人民法院"}
Round = tuple[tuple[tuple[str, str, dict[str, Any]], ...], str]
"""What is done, and who has it in their ledger afterwards."""

FORWARDED: Round = ((("clerk", "register", REGISTER), ("clerk", "forward", TO_DEPARTMENT)), DEPARTMENT)
HANDLED: tuple[Round, ...] = (
    ((), OFFICE),
    FORWARDED,
    ((("receiver", "accept", {}),), DEPARTMENT),
    ((("leader", "assign", {"handler": "handler"}),), f"{DEPARTMENT} handler"),
    ((("deputy", "assign", {"handler": "colleague"}),), f"{DEPARTMENT} colleague"),
    ((("colleague", "answer", ANSWER),), f"{DEPARTMENT} colleague"),
    ((("chief", "return", REASON),), f"{DEPARTMENT} colleague"),
    ((("leader", "assign", {"handler": "handler"}), ("handler", "answer", ANSWER)), f"{DEPARTMENT} handler"),
    ((("clerk", "write_off", {"evidence": "电话回访，已经解决"}),), f"{DEPARTMENT} handler"),
)
SENT_ON: tuple[Round, ...] = (  # the first department loses it with its objection, the second keeps what it declined
    ((), OFFICE),
    FORWARDED,
    ((("receiver", "object", REASON),), DEPARTMENT),
    ((("chief", "decide_objection", {"agree": "true"} | REASON),), OFFICE),
    ((("clerk", "forward", {"organ": "other", "note": ""}),), f"{OFFICE} other_receiver other_leader"),
    ((("other_leader", "decline", DECLINE),), f"{OFFICE} other_receiver other_leader"),
    ((("chief", "agree", {"note": "已核实"}),), f"{OFFICE} other_receiver other_leader"),
)
OBJECTION_DISMISSED: tuple[Round, ...] = (
    ((), OFFICE),
    FORWARDED,
    ((("deputy", "object", REASON),), DEPARTMENT),
    ((("clerk", "decide_objection", {"agree": "false"} | REASON),), DEPARTMENT),
    ((("citizen", "withdraw", {"reason": "已经解决"}),), DEPARTMENT),
)
OF_THE_DISTRICT: tuple[Round, ...] = (
    ((), IN_THE_DISTRICT),
    (
        (
            ("district_clerk", "register", REGISTER | {"region": DISTRICT}),
            ("district_clerk", "forward", {"organ": "district_department", "note": ""}),
        ),
        f"{IN_THE_DISTRICT} district_handler district_leader",
    ),
    ((("district_handler", "decline", DECLINE),), f"{IN_THE_DISTRICT} district_handler district_leader"),
    ((("district_clerk", "disagree", REASON),), f"{IN_THE_DISTRICT} district_handler district_leader"),
)
ABOUT_SOME: tuple[Round, ...] = (  # about the head of the department, the mayor and the inspector
    ((), "clerk chief secretary auditor"),
    (FORWARDED[0], "clerk chief secretary auditor receiver deputy"),
    ((("receiver", "accept", {}),), "clerk chief secretary auditor receiver deputy"),
    ((("deputy", "assign", {"handler": "handler"}),), "clerk chief secretary auditor receiver deputy handler"),
)
WITHDRAWN: tuple[Round, ...] = (((), OFFICE), ((("citizen", "withdraw", {"reason": "已经解决"}),), OFFICE))
STORIES: dict[str, tuple[tuple[Round, ...], dict[str, Any]]] = {
    "handled": (HANDLED, {}),
    "sent on": (SENT_ON, {}),
    "objection dismissed": (OBJECTION_DISMISSED, {}),
    "of the district": (OF_THE_DISTRICT, {"region": DISTRICT}),
    "about some": (
        ABOUT_SOME,
        {"complained_about": [{"kind": "person", "name": n, "organ": ""} for n in ("林局正", "金市安", "杜查清")]},
    ),
    "withdrawn": (WITHDRAWN, {}),
}


def ledgers(city: SimpleNamespace) -> dict[str, set[str]]:
    """The number of each petition -> in whose ledger it stands."""
    found: dict[str, set[str]] = {}
    for who in READERS:
        for row in rest(getattr(city, who), "/petitions/")["results"]:
            found.setdefault(row["number"], set()).add(who)
    return found


def test_each_hand_over_gives_sight_to_these_and_takes_it_from_those(city: SimpleNamespace) -> None:
    wrong = []
    with at(FILED) as now:
        filed = {name: file_petition(received_at=now, **more) for name, (_rounds, more) in STORIES.items()}
        for turn in range(max(len(rounds) for rounds, _more in STORIES.values())):
            for name, (rounds, _more) in STORIES.items():
                for who, slug, data in rounds[turn][0] if turn < len(rounds) else ():
                    filed[name].demand = act(filed[name].demand, who, slug, data)
            found = ledgers(city)
            for name, (rounds, _more) in STORIES.items():
                expected = set(rounds[min(turn, len(rounds) - 1)][1].split())
                wrong += [(name, turn, who) for who in found[filed[name].number] ^ expected]
        assert wrong == []
        for name in ("handled", "of the district", "about some"):
            for who in READERS:
                seen = who in STORIES[name][0][-1][1].split()
                rest(getattr(city, who), f"/petitions/{filed[name].number}/timeline/", 200 if seen else 404)


def test_a_leaders_reassignment_takes_sight_from_the_one_and_gives_it_to_the_other(city: SimpleNamespace) -> None:
    with at(FILED) as now:
        filed = file_petition(received_at=now)
        for who, slug, data in [step for acts, _seen in HANDLED[:4] for step in acts]:
            filed.demand = act(filed.demand, who, slug, data)
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    step = Escalation.objects.get(obligation=owed_about(filed.demand, "XF06"), step="top")
    with at("2026-11-23 09:00"):
        address = f"/desk/petitions/{filed.number}/"
        before = {who for who in ("handler", "colleague") if opens(getattr(city, who), address)}
        given = {"post": key_of("post", city.post["colleague"].pk), "text": "换人办理"}
        perform(LEADER_ACTS["reassign"], Escalation, step.pk, city.leader, given)
        assert before == {"handler"}
        assert ledgers(city) == {filed.number: set(f"{DEPARTMENT} colleague".split())}
