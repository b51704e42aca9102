"""The legal office beside the small city of tests, and regulations of its department with texts in every state."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Kind, User
from audit import log
from audit.context import SYSTEM, acting
from institutions.acts import REGULATION_ACTS, TEXT_ACTS
from institutions.acts.system import Lapse
from institutions.duties import LEGAL_OFFICE
from institutions.models import Regulation, RegulationText
from massline.acts import perform
from massline.time import today
from records.creating import create
from records.models import Publication
from responsibility import events
from responsibility.models import Appointment, Organ, OrganKind, Post
from tests.city import PASSWORD, SINCE, forget_event, has_duty
from tests.secrecy_lab import add_secrecy, cleared

PEOPLE = (
    ("legal", "法审查", "合法性审核岗", {"is_intake": True}),
    ("legal_other", "法同行", "法规科科长", {}),
    ("legal_head", "法主任", "主任", {"is_top": True}),
)
WORDING = (
    "第一条 为了方便群众，制定本办法。\n第二条 楼道照明由物业负责。\n第三条 违反本办法的，由住房和城乡建设局责令改正。"
)
REVISED = WORDING.replace("物业负责", "物业负责，三日内修好")


def in_days(number: int) -> str:
    return (today() + timedelta(days=number)).isoformat()


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def entry(**overrides: Any) -> dict[str, Any]:
    """What proposing a regulation of the department takes: the handler carries it out, the colleague supervises."""
    return {
        "title": "楼道照明管理办法",
        "kind": "normative",
        "category": "010101",
        "powers": ["money"],
        "is_hot_spot": True,
        "owner": "handler",
        "supervisor": "colleague",
        "accountability": "第三条",
        "accountable_organ": "root",
        "safeguards": "每年列入预算",
        "enforced_by": "check",
        "implements_due": in_days(200),
        "wording": WORDING,
    } | overrides


@transaction.atomic
def add_legal_office(city: SimpleNamespace) -> SimpleNamespace:
    """A legal office of the city with three people, and the organ that clears what is published."""
    if hasattr(city, "legal"):
        return city
    log.record(events.DEMO_LOADED)
    office = city.organ["legal"] = Organ.objects.create(
        code="legal", name="试水市司法局", kind=OrganKind.DEPARTMENT, region=city.region["990100000000"],
        parent=city.organ["root"], valid_from=SINCE,
    )  # fmt: skip
    has_duty(office, LEGAL_OFFICE)
    for username, name, post, more in PEOPLE:
        user = User.objects.create_user(username, PASSWORD, name=name, kind=Kind.OFFICIAL)
        city.post[username] = Post.objects.create(organ=office, name=post, **more)
        Appointment.objects.create(user=user, post=city.post[username], since=SINCE)
        setattr(city, username, user)
    forget_event()
    return add_secrecy(city)


TEXT_INPUT: dict[str, dict[str, Any]] = {
    "amend": {"wording": REVISED},
    "match": {"article": "a2", "was": "new"},
    "open_comment": {"days": 30},
    "propose_publication": {"title": "楼道照明管理办法", "wording": WORDING},
    "answer_comments": {"summary": "收到意见三条，采纳两条"},
    "submit": {"reason": "只涉及内部管理，不涉及群众"},
    "check": {"finding": "passed", "opinion": "没有超越权限"},
    "decide": {"decision": "adopted", "meeting": "局务会第八次会议"},
    "promulgate": {"document_number": "试建规〔2026〕3号", "since": in_days(0)},
    "withdraw": {"reason": "合并到另一份文件里制定"},
    "attach": {"name": "说明.txt", "content": "5qW86YGT"},
}
INPUT: dict[str, dict[str, Any]] = {
    "set_duties": {n: v for n, v in entry(safeguards="按季检查").items() if n not in ("title", "kind", "wording")},
    "revise": {"wording": REVISED},
    "drop": {"reason": "已由上级统一制定，不再需要"},
    "review": {"why": "periodic", "outcome": "keep", "reasons": "仍然适用", "evidence": "一年修好二百处"},
    "file": {"receipt": "报市司法局备案，回执第 7 号"},
    "receive_opinion": {"opinion": "第二条与上位法不一致"},
    "answer_opinion": {"answer": "已起草修改"},
    "implemented": {"by": "《楼道照明实施细则》，试建〔2026〕9号"},
    "propose_publication": {"title": "楼道照明管理办法", "in_force_from": "2026-01-01", "wording": WORDING},
    "repeal": {"since": in_days(1), "by": "局务会第九次会议决定"},
    "attach": {"name": "说明.txt", "content": "5qW86YGT"},
}
TO_CHECKED = (("receiver", "submit"), ("legal", "check"))
TEXT_WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "commenting": (("receiver", "open_comment"),),
    "checking": TO_CHECKED[:1],
    "checked": TO_CHECKED,
    "adopted": (*TO_CHECKED, ("leader", "decide")),
    "promulgated": (*TO_CHECKED, ("leader", "decide"), ("leader", "promulgate")),
    "rejected": (("leader", "withdraw"),),
}


def document_number(text: RegulationText) -> str:
    return f"试建规〔2026〕{text.pk + 100}号"


def does(city: SimpleNamespace, record: Any, who: str, act: str, at: datetime | None = None, **data: Any) -> Any:
    """One real act by somebody of the city, on a regulation or a text."""
    acts, given = (REGULATION_ACTS, INPUT) if isinstance(record, Regulation) else (TEXT_ACTS, TEXT_INPUT)
    return perform(acts[act], type(record), record.pk, getattr(city, who), {**given[act], **data}, at=at)


def text_of(regulation: Regulation) -> RegulationText:
    """Its latest text."""
    found = RegulationText.objects.of(regulation).first()
    assert found is not None
    return found


def proposed(city: SimpleNamespace, at: datetime | None = None, **overrides: Any) -> Regulation:
    """A regulation of the department that its receiver proposed, with the first draft."""
    found: Regulation = create(Regulation.KIND, entry(**overrides), city.receiver, at=at)
    return found


def published(city: SimpleNamespace, record: Any, who: str = "receiver", at: datetime | None = None) -> Publication:
    """The record's words, made public by two posts."""
    does(city, record, who, "propose_publication", at=at)
    return cleared(city, record, at)


def text_in(city: SimpleNamespace, state: str, **overrides: Any) -> RegulationText:
    """The first text of a regulation of the department in this state, brought there by real acts.

    The public was asked about it for more than thirty days where it was at all.
    """
    text = text_of(proposed(city, ago(60), **overrides))
    for who, act in TEXT_WAYS[state]:
        more = {"document_number": document_number(text)} if act == "promulgate" else {}
        text = does(city, text, who, act, at=ago(50) if act == "open_comment" else None, **more)
    if state == "commenting":
        published(city, text, at=ago(40))
    found: RegulationText = RegulationText.with_joined(RegulationText.objects.all()).get(pk=text.pk)
    assert found.state == state
    return found


def in_force(city: SimpleNamespace, since: str = "", **overrides: Any) -> Regulation:
    """A regulation whose first text is in force."""
    text = text_in(city, "adopted", **overrides)
    does(city, text, "leader", "promulgate", since=since or in_days(0), document_number=document_number(text))
    return Regulation.objects.get(pk=text.regulation_id)


def inside(city: SimpleNamespace) -> Regulation:
    """An internal regulation in force that owes its review in years alone: no sweep changes what is seen of it."""
    return in_force(city, kind="internal", implements_due="", owner="receiver", supervisor="deputy")


def regulation_in(city: SimpleNamespace, state: str, **overrides: Any) -> Regulation:
    """A regulation in this state, which has no text that is still drafted."""
    if state in ("proposed", "dropped"):
        found = text_in(city, "rejected", **overrides).regulation
        if state == "dropped":
            does(city, found, "leader", "drop")
    elif state == "lapsed":
        text = text_in(city, "adopted", **overrides)
        does(
            city,
            text,
            "leader",
            "promulgate",
            at=ago(30),
            document_number=document_number(text),
            since=in_days(-30),
            expires=in_days(-1),
        )
        with acting(SYSTEM):
            perform(Lapse(), Regulation, text.regulation_id, SYSTEM, {})
        found = text.regulation
    else:
        found = in_force(city, since=in_days(0), **overrides)
        if state == "repealed":
            does(city, found, "leader", "repeal")
    done: Regulation = Regulation.with_joined(Regulation.objects.all()).get(pk=found.pk)
    assert done.state == state
    return done
