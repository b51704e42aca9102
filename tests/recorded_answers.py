"""What REST says on the frozen morning: the questions, what of an answer is kept, and what counts as a change.

`python -m tests.record_answers` writes the answers anew; tests/shared/test_recorded_answers.py asks again and compares.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.test import Client, override_settings

from tests.api import FILING, V1, Api, token_for
from tests.chain_lab import at
from tests.city import ANSWER, PASSWORD, REGISTER
from tests.frozen_city import NOW, frozen_city
from tests.schema_shape import operations, schema_names

FOLDER = Path(__file__).parent / "recorded"
UNKNOWN = "XF20200101-000001"
HEADERS = ("Content-Type", "Cache-Control", "Retry-After", "WWW-Authenticate", "Vary")
WIDTH = 120
LONGEST = 4000
"""Of a text in a recorded question; what is longer is cut."""


@dataclass(frozen=True)
class Ask:
    """One question. In its address and body {handling} is the number of that petition, {code of handling} its code."""

    name: str
    who: str
    address: str
    body: Any = None
    headers: Mapping[str, str] | None = None
    times: int = 1
    """It is sent so often; the last answer is kept."""
    follow: tuple[str, ...] = ()
    """Links of the answer that are followed one after the other; the last answer is kept."""
    cut: int | None = None
    """So many entries of a long list are kept, and how many there were."""


def opening(name: str, **more: Any) -> dict[str, Any]:
    return {"number": f"{{{name}}}", "tracking_code": f"{{code of {name}}}", **more}


def petition(name: str, *people: str) -> Iterator[Ask]:
    for who in people:
        yield Ask(f"petition_{name}_to_{who}", who, f"GET /petitions/{{{name}}}/")


def acting(name: str, who: str, number: str, slug: str, body: Any = None) -> Ask:
    return Ask(f"act_{slug}_{name}", who, f"POST /petitions/{{{number}}}/acts/{slug}/", body)


ENGLISH = {"Accept-Language": "en"}
SIGN_IN = {"username": "clerk", "password": PASSWORD}
BULK = "POST /petitions/bulk/acts/"
WRONG_FILING = FILING | {
    "title": 5,
    "category": "123456",
    "petitioner": {"name": "宋试民", "phone": "no phone", "tell_by": "pigeon"},
    "complained_about": [{"kind": "organ"}],
}
GROUP = FILING | {"persons": 12, "representatives": [{"name": "李代表", "phone": "13800000002"}]}
LETTER = {
    "channel": "letter",
    "postmarked_on": "2026-09-05",
    "purpose": "request",
    "title": "楼道照明长期不亮",
    "body": "三单元楼道灯坏了两个月。",
    "category": "010101",
    "region": "990100000000",
    "name": "宋试民",
    "phone": "13900000000",
    "tell_by": "sms",
    "complained_about": [{"kind": "organ", "name": "幸福里物业服务中心"}],
}
PAPER = {"channel": "letter", "organ": "other", "pages": 3}
ASKS: tuple[Ask, ...] = (
    # signing in
    Ask("session_token", "", "POST /session/", SIGN_IN),
    Ask("session_wrong_password", "", "POST /session/", SIGN_IN | {"password": "wrong"}),
    Ask("session_too_often", "", "POST /session/", SIGN_IN | {"password": "wrong"}, times=7),
    Ask("session_empty", "", "POST /session/", {}),
    Ask("session_sign_out", "clerk", "DELETE /session/"),
    Ask("session_none", "", "GET /petitions/"),
    # the ledger
    Ask("ledger_to_clerk", "clerk", "GET /petitions/", cut=3),
    Ask("ledger_to_leader", "leader", "GET /petitions/"),
    Ask("ledger_to_auditor", "auditor", "GET /petitions/", cut=2),
    Ask("ledger_to_sysadmin", "sysadmin", "GET /petitions/"),
    Ask("ledger_in_english", "clerk", "GET /petitions/", headers=ENGLISH, cut=2),
    Ask("ledger_first_page", "district_clerk", "GET /petitions/", cut=2),
    Ask("ledger_next_page", "district_clerk", "GET /petitions/", follow=("next",), cut=2),
    Ask("ledger_back_again", "district_clerk", "GET /petitions/", follow=("next", "previous"), cut=2),
    Ask("ledger_bad_cursor", "clerk", "GET /petitions/?cursor=x"),
    Ask("ledger_of_a_state", "clerk", "GET /petitions/?state=handling"),
    Ask("ledger_of_an_organ", "clerk", "GET /petitions/?organ=office"),
    Ask("ledger_of_a_category", "clerk", "GET /petitions/?category=010000&state=registered"),
    Ask("ledger_overdue", "leader", "GET /petitions/?overdue=true"),
    Ask("ledger_of_groups", "clerk", "GET /petitions/?group=true"),
    Ask("ledger_searched", "clerk", "GET /petitions/?q=楼道 照明&state=handling"),
    Ask("ledger_by_number", "clerk", "GET /petitions/?q={closed}"),
    Ask("ledger_wrong_filters", "clerk", "GET /petitions/?state=x&organ=nowhere&category=9&overdue=2&group=2"),
    # one petition, to whoever has a part in it
    *petition("received", "clerk"),
    *petition("registered", "chief"),
    *petition("forwarded", "receiver", "clerk"),
    *petition("objected", "chief"),
    *petition("declining", "clerk"),
    *petition("accepted", "leader", "deputy"),
    *petition("handling", "handler", "leader", "auditor", "mayor"),
    *petition("answered", "chief", "handler"),
    *petition("closed", "clerk"),
    *petition("not_accepted", "receiver"),
    *petition("withdrawn", "clerk"),
    *petition("transferred", "clerk"),
    *petition("unaccepted", "receiver"),
    *petition("group", "leader"),
    *petition("recused", "deputy", "leader"),
    *petition("returned", "handler"),
    *petition("rated", "leader"),
    Ask("petition_in_english", "handler", "GET /petitions/{talked}/", headers=ENGLISH),
    Ask("petition_unknown", "clerk", f"GET /petitions/{UNKNOWN}/"),
    Ask("timeline", "clerk", "GET /petitions/{returned}/timeline/"),
    Ask("timeline_with_texts", "handler", "GET /petitions/{talked}/timeline/"),
    Ask("timeline_of_a_climb", "clerk", "GET /petitions/{late}/timeline/"),
    Ask("timeline_in_english", "leader", "GET /petitions/{rated}/timeline/", headers=ENGLISH),
    Ask("timeline_of_others", "outsider", "GET /petitions/{handling}/timeline/"),
    # acts
    acting("done", "clerk", "received", "register", REGISTER),
    acting("done", "clerk", "registered", "forward", {"organ": "department", "note": "请依法办理"}),
    acting("done", "handler", "handling", "answer", ANSWER),
    acting("done", "chief", "answered", "write_off", {"evidence": "已电话回访"}),
    acting("done", "leader", "rated", "look_into", {"text": "已与信访人当面沟通"}),
    acting("done", "handler", "handling", "unmask", {"fields": ["phone"], "reason": "电话联系信访人，核对情况"}),
    acting("done", "handler", "handling", "attach", {"name": "记录.txt", "content": "5qW86YGT54Gv", "public": True}),
    acting("moves_it_away", "clerk", "received", "transfer", {"organ": "other", "pages": 2, "sure": True}),
    acting("not_my_role", "clerk", "forwarded", "accept"),
    acting("wrong_state", "clerk", "forwarded", "register", REGISTER),
    acting("wrong_fields", "clerk", "registered", "forward", {"organ": "nowhere", "note": ["x"]}),
    acting("no_fields", "handler", "handling", "unmask", {}),
    acting("no_such_act", "clerk", "received", "nothing"),
    acting("not_mine", "outsider", "handling", "note", {"text": "x"}),
    Ask("act_not_json", "clerk", "POST /petitions/{received}/acts/note/", "{"),
    Ask("bulk_done", "clerk", f"{BULK}register/", {"numbers": ["{received}", "{registered}", "{closed}", UNKNOWN]}),
    Ask("bulk_refused", "leader", f"{BULK}assign/", {"numbers": ["{accepted}"], "handler": "outsider"}),
    Ask("bulk_empty", "clerk", f"{BULK}register/", {}),
    Ask("bulk_no_such_act", "clerk", f"{BULK}answer/", {"numbers": ["{handling}"]}),
    # kinds, and entering a record of one
    Ask("kinds_to_clerk", "clerk", "GET /kinds/"),
    Ask("kinds_to_handler", "handler", "GET /kinds/"),
    Ask("kinds_in_english", "auditor", "GET /kinds/", headers=ENGLISH),
    Ask("create_petition", "clerk", "POST /petitions/", LETTER),
    Ask(
        "create_petition_elsewhere",
        "receiver",
        "POST /petitions/",
        LETTER | {"channel": "visit", "postmarked_on": None},
    ),
    Ask(
        "create_petition_wrong", "clerk", "POST /petitions/", LETTER | {"title": "", "channel": "web", "persons": "two"}
    ),
    Ask("create_petition_wrong_types", "clerk", "POST /petitions/", LETTER | {"title": 5, "complained_about": [{}, 1]}),
    Ask("create_petition_accusation", "clerk", "POST /petitions/", LETTER | {"purpose": "accusation"}),
    Ask("create_petition_refused", "handler", "POST /petitions/", LETTER),
    Ask("create_petition_bad_source", "clerk", "POST /petitions/", LETTER | {"source": {"kind": "x", "number": "1"}}),
    Ask("create_transfer", "clerk", "POST /transfers/", PAPER),
    Ask("create_transfer_wrong", "clerk", "POST /transfers/", {"pages": 0}),
    # the register of transfers
    Ask("transfers_to_clerk", "clerk", "GET /transfers/"),
    Ask("transfers_to_handler", "handler", "GET /transfers/"),
    Ask("transfers_wrong_filters", "clerk", "GET /transfers/?state=x&organ=nowhere&overdue=2"),
    Ask("transfer_unknown", "clerk", f"GET /transfers/{UNKNOWN}/"),
    # what has climbed
    Ask("escalations_to_leader", "leader", "GET /escalations/"),
    Ask("escalations_first_page", "district_head", "GET /escalations/", cut=2),
    Ask("escalations_next_page", "district_head", "GET /escalations/", follow=("next",), cut=2),
    Ask("escalations_to_nobody", "handler", "GET /escalations/"),
    Ask("escalation", "leader", "GET /escalations/{waiting}/"),
    Ask("escalation_settled", "leader", "GET /escalations/{settled}/"),
    Ask("escalation_of_others", "other_leader", "GET /escalations/{waiting}/"),
    Ask("escalation_act_acknowledge", "leader", "POST /escalations/{waiting}/acts/acknowledge/"),
    Ask("escalation_act_instruct", "leader", "POST /escalations/{waiting}/acts/instruct/", {"text": "三日内办结"}),
    Ask(
        "escalation_act_reassign",
        "leader",
        "POST /escalations/{waiting}/acts/reassign/",
        {"post": "deputy", "text": "改由分管局长办理"},
    ),
    Ask("escalation_act_wrong_state", "leader", "POST /escalations/{settled}/acts/acknowledge/"),
    Ask("escalation_act_no_fields", "leader", "POST /escalations/{waiting}/acts/reassign/", {}),
    Ask("escalation_act_no_such_act", "leader", "POST /escalations/{waiting}/acts/nothing/"),
    # citizens
    Ask("filing_done", "", "POST /public/petitions/", FILING),
    Ask("filing_of_a_group", "", "POST /public/petitions/", GROUP),
    Ask("filing_wrong", "", "POST /public/petitions/", WRONG_FILING),
    Ask("filing_wrong_in_english", "", "POST /public/petitions/", WRONG_FILING, ENGLISH),
    Ask("filing_empty", "", "POST /public/petitions/", {}),
    Ask("filing_of_an_accusation", "", "POST /public/petitions/", FILING | {"purpose": "accusation"}),
    Ask("filing_bad_key", "", "POST /public/petitions/", FILING, {"Idempotency-Key": "short"}),
    Ask("filing_too_often", "", "POST /public/petitions/", FILING, times=3),
    Ask("filing_too_large", "", "POST /public/petitions/", {"body": "a" * 1_100_000}),
    Ask("filing_wrong_method", "", "PUT /public/petitions/", {}),
    Ask("track", "", "POST /public/track/", opening("returned")),
    Ask("track_closed", "", "POST /public/track/", opening("closed")),
    Ask("track_not_accepted", "", "POST /public/track/", opening("not_accepted")),
    Ask("track_transferred", "", "POST /public/track/", opening("transferred")),
    Ask("track_in_english", "", "POST /public/track/", opening("talked"), ENGLISH),
    Ask("track_wrong_code", "", "POST /public/track/", opening("closed", tracking_code="AAAA-AAAA")),
    Ask("track_empty", "", "POST /public/track/", {}),
    Ask("track_act_supplement", "", "POST /public/track/acts/supplement/", opening("handling", text="还有一处")),
    Ask("track_act_rate", "", "POST /public/track/acts/rate/", opening("closed", object="organ", score=2, reason="慢")),
    Ask("track_act_wrong_state", "", "POST /public/track/acts/withdraw/", opening("closed", reason="好了")),
    Ask("track_act_wrong_fields", "", "POST /public/track/acts/rate/", opening("closed", object="organ", score=9)),
    Ask("track_act_no_such_act", "", "POST /public/track/acts/answer/", opening("handling")),
    Ask("categories", "", "GET /public/categories/", cut=2),
    Ask("categories_in_english", "", "GET /public/categories/", headers=ENGLISH, cut=1),
    Ask("regions", "", "GET /public/regions/"),
    Ask("no_such_address", "clerk", "GET /nothing/"),
)


# --- Asking -------------------------------------------------------------------------------------------------------
def ask_all() -> dict[str, Any]:
    """Every answer by its name, each to a city in which nothing was asked before. Inside a test's transaction."""
    frozen = frozen_city()
    with at(NOW), override_settings(FILING_LIMIT=2):
        names = _names(frozen)
        answers = {ask.name: _undone(ask, frozen.city, names) for ask in ASKS}
        accept = {"Accept": "application/vnd.oai.openapi+json"}
        found = json.loads(Client().get(f"{V1}/schema/", headers=accept).content)
    return answers | {"schema_operations": operations(found), "schema_names": schema_names(found)}


def _names(frozen: SimpleNamespace) -> dict[str, str]:
    """What {…} stands for."""
    climbed = Api(frozen.city.leader).get("/escalations/").json()["results"]
    names = {"waiting": next(e["id"] for e in climbed if e["state"] == "sent")}
    names["settled"] = next(e["id"] for e in climbed if e["state"] == "settled")
    for name, filed in frozen.filed.items():
        names |= {name: filed.number, f"code of {name}": filed.code}
    return names


def _undone(ask: Ask, city: SimpleNamespace, names: Mapping[str, str]) -> dict[str, Any]:
    caches["counters"].clear()
    before = transaction.savepoint()
    try:
        for _again in range(ask.times):
            response = _send(ask, city, names)
    finally:
        transaction.savepoint_rollback(before)
        transaction.savepoint_commit(before)
    kept = {name: response[name] for name in HEADERS if name in response}
    body = response.json() if response.content else None
    asked = {"who": ask.who, "address": ask.address, "body": ask.body, "headers": ask.headers, "follow": ask.follow}
    numbers = {names[name]: f"{{{name}}}" for name in names}
    return {
        "asked": _plain({key: value for key, value in asked.items() if value}, {}),
        "status": response.status_code,
        "headers": kept,
        "answer": _plain(_cut(body, ask.cut), numbers),
    }


def _send(ask: Ask, city: SimpleNamespace, names: Mapping[str, str]) -> Any:
    method, path = ask.address.split(" ", 1)
    headers = dict(ask.headers or {})
    if ask.who:
        headers["Authorization"] = f"Bearer {token_for(getattr(city, ask.who))}"
    client, path = Client(raise_request_exception=False), V1 + _named(path, names)
    if method == "GET":
        response = client.get(path, headers=headers)
        for link in ask.follow:
            response = client.get(response.json()[link], headers=headers)
        return response
    body = ask.body if isinstance(ask.body, str) else json.dumps(_named(ask.body or {}, names))
    return client.generic(method, path, body, content_type="application/json", headers=headers)


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


# --- What is kept -------------------------------------------------------------------------------------------------
ALIKE = (
    (re.compile(r"(?:XF|YS)\d{8}-\d{4,}"), "<number>"),
    (re.compile(r"(?<![0-9a-z])[0-7][0-9a-hjkmnp-tv-z]{25}(?![0-9a-z])"), "<key>"),
    (re.compile(r"cursor=[^&\"]+"), "cursor=<cursor>"),
)
"""What is drawn anew each time, after the numbers that we know."""
SECRET = ("token", "tracking_code")


def _cut(body: Any, most: int | None) -> Any:
    if most is None:
        return body
    if isinstance(body, list):
        return {"first": body[:most], "entries": len(body)}
    return body | {"results": body["results"][:most], "entries": len(body["results"])}


def _plain(value: Any, numbers: Mapping[str, str]) -> Any:
    """The same without what is drawn anew each time."""
    if isinstance(value, Mapping):
        plain = {key: _plain(inner, numbers) for key, inner in value.items()}
        return plain | ({key: f"<{key}>" for key in SECRET if key in plain} if numbers else {})
    if isinstance(value, list | tuple):
        return [_plain(inner, numbers) for inner in value]
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST:
        return f"{value[:20]}… {len(value)} characters"
    for known, name in numbers.items():
        value = value.replace(known, name)
    for pattern, name in ALIKE if numbers else ():
        value = pattern.sub(name, value)
    return value


# --- Comparing ----------------------------------------------------------------------------------------------------
def changes(recorded: Any, now: Any, where: str = "") -> list[str]:
    """What was recorded and is gone or different now; members that an object has in addition are no change."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        found = []
        for key, value in recorded.items():
            place = f"{where}.{key}" if where else key
            found += changes(value, now[key], place) if key in now else [f"{place} is gone; it was {_short(value)}"]
        return found
    if isinstance(recorded, list) and isinstance(now, list):
        if ".responses." in where and where.endswith(".required"):  # what an answer always has: one more is an addition
            return [f"{where} has no {name} any more" for name in recorded if name not in now]
        if len(recorded) != len(now):
            return [f"{where} has {len(now)} entries instead of {len(recorded)}"]
        return [
            fault for n, pair in enumerate(zip(recorded, now, strict=True)) for fault in changes(*pair, f"{where}[{n}]")
        ]
    if type(recorded) is type(now) and recorded == now:
        return []
    return [f"{where} was {_short(recorded)} and is {_short(now)}"]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:160] + "…"


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def write(answers: Mapping[str, Any]) -> None:
    """The whole folder anew."""
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, answer in answers.items():
        (FOLDER / f"{name}.json").write_text(_lines(answer) + "\n")


def _lines(value: Any, indent: str = "") -> str:
    """As JSON; what is short stands on one line."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(short) <= WIDTH:
        return short
    deeper = indent + " "
    if isinstance(value, list):
        return "[\n" + ",\n".join(deeper + _lines(inner, deeper) for inner in value) + f"\n{indent}]"
    members = [f"{deeper}{json.dumps(key)}: {_lines(inner, deeper)}" for key, inner in value.items()]
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
