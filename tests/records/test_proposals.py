"""Who sees a record and may not open one of another kind proposes it to the organ that can; who decides takes it up or
declines it with a reason."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.menu import items_for
from audit.context import SYSTEM
from audit.models import AuditEvent, AuditRow
from citizens.erasure.erase import erase, numbered
from massline.acts import Invalid, NotVisible, Refused, WrongState, perform
from records import kinds
from records.kinds import Create
from records.links import links_of
from records.models import Link, Proposal
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.proposing import ProposedAlready, propose, to_propose
from responsibility import readers
from responsibility.models import Notice, Post
from tests.chain_lab import appoint, at, event, names
from tests.city import act
from tests.kinds.lab import ERRANDS, errand, proposable, sealed
from tests.kinds.models import Errand
from tests.people_lab import EVERYBODY, look, rest
from tests.proposal_lab import (
    DAY,
    HIDDEN,
    LATER,
    WHY_NOT,
    WORDS,
    decide,
    do,
    filed,
    form_of,
    page_of,
    papers,
    proposal,
    seen_by,
    send,
)
from tests.reader import page, reader, tracked
from tests.transfer_lab import TO_JIWEI, add_discipline

__all__ = ["filed", "papers", "proposal"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]


# --- Proposing ----------------------------------------------------------------------------------------------------
def test_whoever_may_not_open_one_proposes_it_from_the_page(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    path = f"/desk/petitions/{filed.number}/"
    with at(DAY):
        handler, leader = look(city.handler, path), look(city.leader, path)
        assert f'href="{form_of(filed)}">提请新建跑腿</a>' in handler and "由此新建" not in handler
        assert "提请新建" not in leader and "由此新建跑腿" in leader
        form = page(city.handler, form_of(filed))
    assert "提请新建跑腿" in form and "由试水市城市管理局决定是否采纳" in form and filed.number in form
    answer = send(city.handler, form_of(filed), **WORDS)
    made = Proposal.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == page_of(made)
    assert (made.title, made.organ, made.made_in) == (WORDS["title"], city.organ["other"], city.organ["department"])
    assert names("proposal.received") == {"other_leader"}, "who can take it up, and no other of the organ"


def test_what_is_wrong_is_said_and_what_was_typed_stays(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    answer = send(city.handler, form_of(filed), **{**WORDS, "reason": "太短"})
    assert answer.status_code == 422 and "理由至少十个字" in answer.content.decode()
    assert WORDS["words"] in answer.content.decode() and not Proposal.objects.exists()


def test_only_who_sees_the_source_and_may_not_open_one_proposes(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    assert send(city.outsider, form_of(filed), **WORDS).status_code == 404
    assert send(city.handler, form_of(filed, "sealed"), **WORDS).status_code == 404, "nobody enters one"
    assert send(city.handler, form_of(filed, "transfer"), **WORDS).status_code == 404, "from no petition"
    answer = send(city.leader, form_of(filed), **WORDS)
    assert answer.status_code == 409 and "您有权直接新建，不必提请" in answer.content.decode()
    assert send(city.auditor, form_of(filed), **WORDS).status_code == 403
    assert not Proposal.objects.exists()
    assert [e.actor_key for e in AuditEvent.objects.filter(name="create_refused")] == ["auditor"]


def test_where_the_kind_names_no_organ_nothing_is_proposed(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    with proposable(lambda source: None), at(DAY):
        assert to_propose(filed.demand, city.handler) == []
        with pytest.raises(Invalid):
            propose("errand", WORDS, city.handler, filed.demand)
        assert look(city.handler, form_of(filed), 404)


def test_where_the_kind_names_none_any_more_when_the_form_comes_back(
    city: SimpleNamespace, filed: SimpleNamespace
) -> None:
    left = [city.organ["other"]]
    with proposable(lambda source: left.pop() if left else None):
        assert send(city.handler, form_of(filed), **{**WORDS, "reason": "太短"}).status_code == 404


def test_nothing_is_proposed_because_of_a_walled_record(city: SimpleNamespace) -> None:
    with at(DAY) as now:
        event()
        hidden = sealed("S-1", city.organ["department"])
        readers.allow(hidden.matter, [city.deputy.pk], now)
        readers.declare(city.deputy, readers.undeclared(city.deputy).get().pk)
        assert to_propose(hidden, city.deputy) == []
        with pytest.raises(Invalid) as refused:
            propose("errand", WORDS, city.deputy, hidden)
        assert set(refused.value.errors) == {"source"}
        with pytest.raises(NotVisible):
            propose("errand", WORDS, city.handler, hidden)


def test_one_waits_at_a_time(city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal) -> None:
    with at(DAY), pytest.raises(ProposedAlready):
        propose("errand", WORDS, city.deputy, filed.demand)
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    with at(LATER):
        again = propose("errand", WORDS, city.deputy, filed.demand)
    assert again.number != proposal.number


def test_what_waits_is_shown_and_not_offered_again(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    path = f"/desk/petitions/{filed.number}/"
    with at(LATER):
        shown = look(city.handler, path)
        assert f'href="{page_of(proposal)}">提请新建跑腿</a>' in shown and form_of(filed) not in shown
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    with at(LATER):
        assert form_of(filed) in look(city.handler, path)


def test_a_kind_that_reveals_something_once_cannot_be_proposed() -> None:
    declared = kinds.record_type("petition").create
    assert declared is not None and declared.reveals
    with pytest.raises(ValueError):
        Create(declared.form, declared.may, declared.make, reveals=declared.reveals, receiver=lambda source: None)


# --- Who sees it --------------------------------------------------------------------------------------------------
def test_it_exists_for_its_proposer_and_those_who_decide(city: SimpleNamespace, proposal: Proposal) -> None:
    with at(DAY):
        assert {who for who in EVERYBODY if seen_by(getattr(city, who))} == {"handler", "other_leader"}
        assert {
            who
            for who in ("leader", "deputy", "outsider", "auditor")
            if not look(getattr(city, who), page_of(proposal), 404)
        } == set()


def test_who_decides_reads_the_words_and_of_the_source_what_exists_for_them(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    with at(LATER):
        theirs, mine = page(city.other_leader, page_of(proposal)), page(city.handler, page_of(proposal))
        title = look(city.other_leader, page_of(proposal))
        listed = look(city.other_leader, "/desk/proposals/")
        told = look(city.other_leader, "/desk/inbox/")
    for said in (*WORDS.values(), "韩办成", "试水市住房和城乡建设局"):
        assert said in theirs and said in mine
    for shown in (theirs, title, listed, told):
        assert filed.number not in shown and HIDDEN not in shown
    assert filed.number in mine and HIDDEN in mine
    assert f"收到提请，请您决定 {proposal.number}" in told and page_of(proposal) in told


def test_whoever_is_complained_about_never_learns_of_it(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    event()
    filed.petition.filing.complained.create(kind="person", name="祁局长", user=city.other_leader)
    with at(DAY):
        proposal = propose("errand", WORDS, city.handler, filed.demand)
        assert not Notice.objects.filter(recipient=city.other_leader, kind="proposal.received").exists()
        assert seen_by(city.other_leader) == set() and look(city.other_leader, page_of(proposal), 404)
        assert "proposals" not in {item.address for item in items_for(city.other_leader)}
    with pytest.raises(NotVisible):
        do(city.other_leader, proposal, "decline", reason=WHY_NOT)


def test_what_is_complained_about_later_takes_it_out_of_the_inbox(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    with at(DAY):
        assert proposal.number in look(city.other_leader, "/desk/inbox/")
        event()
        filed.petition.filing.complained.create(kind="person", name="祁局长", user=city.other_leader)
        assert proposal.number not in look(city.other_leader, "/desk/inbox/")
        assert seen_by(city.other_leader) == set()


def test_the_timeline_of_the_source_says_it_to_whom_it_exists(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    path, said = f"/desk/petitions/{filed.number}/", "提请新建跑腿，由试水市城市管理局决定"
    with at(LATER):
        mine = page(city.handler, path)
        assert f"{said} 韩办成" in mine and "提请新建跑腿：试水市城市管理局不予采纳" in mine
        lines = rest(city.handler, f"/petitions/{filed.number}/timeline/")["results"]
        assert said in {line["sentence"] for line in lines} and [x["at"] for x in lines] == sorted(
            x["at"] for x in lines
        )
        for who in (city.leader, city.clerk, city.auditor):
            assert said not in page(who, path) and "不予采纳" not in page(who, path)
        assert "提请" not in tracked(filed)


def test_the_menu_leads_there_whom_it_concerns(city: SimpleNamespace, proposal: Proposal) -> None:
    with at(DAY):
        for who in EVERYBODY:
            has = "proposals" in {item.address for item in items_for(getattr(city, who))}
            assert has == (who in ("handler", "other_leader")), who
        assert "提请 1" in page(city.other_leader, "/desk/") and "提请 1" not in page(city.handler, "/desk/")
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    with at(LATER):
        assert "提请 1" not in page(city.other_leader, "/desk/")


def test_where_nothing_can_be_proposed_nothing_is_asked(city: SimpleNamespace, filed: SimpleNamespace) -> None:
    with pytest.MonkeyPatch.context() as patch, at(DAY):
        others = {kind: one for kind, one in kinds._kinds.items() if not (one.create and one.create.receiver)}
        patch.setattr(kinds, "_kinds", others | {"errand": ERRANDS})
        assert "proposals" not in {item.address for item in items_for(city.handler)}
        with CaptureQueriesContext(connection) as sent:
            look(city.handler, f"/desk/petitions/{filed.number}/")
        assert not [q for q in sent if "records_proposal" in q["sql"]]


# --- Deciding -----------------------------------------------------------------------------------------------------
def test_taken_up_it_is_a_record_linked_to_its_source(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    with at(LATER):
        assert f'value="{WORDS["title"]}"' in look(city.other_leader, page_of(proposal)), "begun with what was proposed"
    answer = decide(city.other_leader, proposal, "take_up", title="查全区楼道照明")
    assert answer.status_code == 302 and answer.headers["Location"] == page_of(proposal)
    made = Errand.objects.get()
    assert made.title == "查全区楼道照明" and made.organ == city.organ["other"]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.link) == ("taken", city.other_leader, Link.objects.get())
    with at(LATER):
        assert links_of(made, city.other_leader) == [], "the petition is nothing for them still"
        assert proposal.link and (proposal.link.source, proposal.link.target) == (filed.demand.matter, made.matter)
        assert made.number in page(city.other_leader, page_of(proposal))
        assert f"您的提请已被采纳 {proposal.number}" in page(city.handler, "/desk/inbox/")
        assert made.number not in page(city.handler, page_of(proposal)), "the errand is the other department's"


def test_declined_it_says_why(city: SimpleNamespace, proposal: Proposal) -> None:
    assert decide(city.other_leader, proposal, "decline", reason="不行").status_code == 422
    assert decide(city.other_leader, proposal, "decline", reason=WHY_NOT).status_code == 302
    with at(LATER):
        assert WHY_NOT in page(city.handler, page_of(proposal)) and not Errand.objects.exists()
        assert f"您的提请未被采纳 {proposal.number}" in page(city.handler, "/desk/inbox/")
        assert "采纳并新建" not in look(city.other_leader, page_of(proposal))


def test_what_only_making_finds_wrong_leaves_it_open_and_typed(city: SimpleNamespace, proposal: Proposal) -> None:
    event()
    errand("E-1", city.organ["other"])
    answer = decide(city.other_leader, proposal, "take_up", title="跑一趟")
    said = answer.content.decode()
    assert answer.status_code == 422 and "这一趟已经有了" in said and 'value="跑一趟"' in said
    proposal.refresh_from_db()
    assert proposal.state == "open" and Errand.objects.count() == 1 and not Link.objects.exists()


def test_decided_is_decided(city: SimpleNamespace, proposal: Proposal) -> None:
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    answer = decide(city.other_leader, proposal, "take_up", title="再查")
    assert answer.status_code == 409 and "试水市城市管理局已于" in answer.content.decode()
    assert not Errand.objects.exists()


def test_the_proposer_decides_nothing(city: SimpleNamespace, proposal: Proposal) -> None:
    with pytest.raises(Refused):
        do(city.handler, proposal, "decline", reason=WHY_NOT)
    event()
    appoint(city.handler, Post.objects.create(organ=city.organ["other"], name="党组书记", is_top=True))
    handler = type(city.handler).objects.get(pk=city.handler.pk)
    with pytest.raises(Refused):
        do(handler, proposal, "take_up", title="我自己来")
    with at(LATER):
        assert not Proposal.objects.waiting_for(handler).exists()


# --- What is kept -------------------------------------------------------------------------------------------------
def test_the_log_explains_it_without_its_words(city: SimpleNamespace, proposal: Proposal) -> None:
    do(city.other_leader, proposal, "take_up", title="查全区楼道照明")
    images = AuditRow.objects.filter(table_name__in=["records_proposal", "records_link", "kinds_errand"])
    assert images.count() == 4 and not images.unexplained().exists()
    said = AuditEvent.objects.filter(subject_kind="proposal").order_by("id")
    assert [e.name for e in said] == ["proposal.made", "proposal.taken_up"] and not any(e.public for e in said)
    kept = "".join(f"{e.facts}{e.reason}" for e in said) + "".join(f"{row.image}" for row in images)
    assert not [word for word in WORDS.values() if word in kept]
    last = AuditRow.objects.filter(table_name="records_proposal").order_by("id").last()
    assert last is not None and last.event_id == said[1].pk


@pytest.mark.parametrize("declined", [False, True])
def test_the_words_are_erased_with_the_source(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal, declined: bool
) -> None:
    if declined:
        do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    erase(numbered(filed.number), SYSTEM, "个人信息保护法第四十七条")
    proposal.refresh_from_db()
    assert [proposal.title, proposal.words, proposal.reason, proposal.answer] == [""] * 4 and proposal.erased
    with at(LATER):
        shown = page(city.other_leader, page_of(proposal))
    assert "（内容已依法清除）" in shown and WHY_NOT not in shown


def test_it_is_sealed_away_with_an_accusation(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    with at(LATER):
        add_discipline(city)
        act(filed.demand, "clerk", "transfer", TO_JIWEI)
        assert {who for who in EVERYBODY if seen_by(getattr(city, who))} == set()
        assert proposal.number not in page(city.other_leader, "/desk/inbox/")
        with pytest.raises(NotVisible):
            perform(PROPOSAL_ACTS["decline"], Proposal, proposal.pk, city.other_leader, {"reason": WHY_NOT})


# --- The list -----------------------------------------------------------------------------------------------------
def many(city: SimpleNamespace, filed: SimpleNamespace, number: int) -> None:
    with at(DAY):
        for _n in range(number):
            one = propose("errand", WORDS, city.handler, filed.demand)
            do(city.other_leader, one, "decline", reason=WHY_NOT)


@pytest.mark.parametrize("number", [2, 20])
def test_a_long_list_costs_what_a_short_one_costs(city: SimpleNamespace, filed: SimpleNamespace, number: int) -> None:
    many(city, filed, number)
    client = reader(city.handler)
    with at(LATER):
        client.get("/desk/proposals/")
        with CaptureQueriesContext(connection) as sent:
            shown = client.get("/desk/proposals/").content.decode()
    assert shown.count(WORDS["title"]) == number
    assert len(sent) == 6, [q["sql"][:90] for q in sent]


def test_the_list_is_narrowed_to_what_waits_for_me(city: SimpleNamespace, proposal: Proposal) -> None:
    with at(LATER):
        assert proposal.number in look(city.other_leader, "/desk/proposals/?whose=waits")
        assert "待您决定" in look(city.other_leader, "/desk/proposals/")
        assert proposal.number not in look(city.other_leader, "/desk/proposals/?whose=mine")
        assert proposal.number in look(city.handler, "/desk/proposals/?whose=mine&state=open")
        assert proposal.number not in look(city.handler, "/desk/proposals/?whose=waits")
        assert "没有提请。" in look(city.auditor, "/desk/proposals/")


def test_the_pages_speak_the_readers_language(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    with at(LATER):
        assert "Decline" in page(city.other_leader, page_of(proposal), "en")
        assert "Proposals" in page(city.other_leader, "/desk/proposals/", "en")


def test_a_second_one_cannot_be_typed_twice(city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal) -> None:
    answer = send(city.deputy, form_of(filed), **WORDS)
    assert answer.status_code == 409 and "已经有同样的提请在等待决定" in answer.content.decode()
    with pytest.raises(WrongState):
        propose("errand", WORDS, city.deputy, filed.demand)
