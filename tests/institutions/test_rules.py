"""What the register refuses in words beside the field, and what is owed of a regulation."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from institutions.lapsing import lapse_expired
from institutions.models import Regulation, RegulationText
from institutions.wording import read_articles, write_articles
from massline.acts import Invalid, NotYet, Refused, WrongState
from massline.time import today
from records.articles import Article
from responsibility.models import Appointment, Obligation, Post
from tests.chain_lab import event
from tests.institutions_lab import (
    add_legal_office,
    document_number,
    does,
    in_days,
    in_force,
    proposed,
    published,
    text_in,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(city):
    return add_legal_office(city)


def rules_owed(record):
    return set(Obligation.objects.open().about(record.KIND, record.pk).values_list("rule", flat=True))


def faults(call):
    with pytest.raises(Invalid) as caught:
        call()
    return {name: " ".join(map(str, messages)) for name, messages in caught.value.errors.items()}


# --- Beside the field -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"supervisor": "handler"}, "supervisor", "不能监督自己"),
        ({"accountability": "违者追究"}, "accountability", "只写条号"),
        ({"implements_due": in_days(0)}, "implements_due", "今天以后"),
        ({"wording": "没有条号的一段话。"}, "wording", "第一条"),
        ({"wording": "第一条 甲。\n第一条 乙。"}, "wording", "出现了两次"),
        ({"owner": ""}, "owner", ""),
    ],
)
def test_a_proposal_says_beside_the_field_what_is_wrong(town, given, field, said):
    found = faults(lambda: proposed(town, **given))
    assert list(found) == [field] and said in found[field]


def test_nothing_is_proposed_where_nobody_checks_the_legality(city):
    with pytest.raises(Invalid) as caught:
        proposed(city)
    assert "合法性审核机构" in str(caught.value.errors)


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"since": in_days(-1)}, "since", "今天或者以后"),
        ({"since": in_days(5), "expires": in_days(4)}, "expires", "不能早于"),
        ({"document_number": "三号文件"}, "document_number", "完整的文号"),
    ],
)
def test_promulgating_says_beside_the_field_what_is_wrong(town, given, field, said):
    text = text_in(town, "adopted")
    found = faults(lambda: does(town, text, "leader", "promulgate", **given))
    assert list(found) == [field] and said in found[field]


def test_a_number_is_used_once_in_an_organ(town):
    taken = in_force(town).document_number
    found = faults(lambda: does(town, text_in(town, "adopted"), "leader", "promulgate", document_number=taken))
    assert "已有文件" in found["document_number"]


def test_a_text_without_the_clause_that_was_named_is_not_promulgated(town):
    text = text_in(town, "adopted", accountability="第九条")
    with pytest.raises(WrongState, match="第九条"):
        does(town, text, "leader", "promulgate")


# --- One text at a time -----------------------------------------------------------------------------------------------
def test_a_second_text_waits_for_the_first(town):
    regulation = text_in(town, "checking").regulation
    with pytest.raises(WrongState, match="还有一个文本"):
        does(town, regulation, "receiver", "revise")


def test_the_old_text_stays_in_force_until_the_new_one_begins(town):
    regulation = in_force(town)
    does(town, regulation, "receiver", "revise")
    old, new = RegulationText.objects.of(regulation).order_by("edition")
    with pytest.raises(Invalid):
        does(town, new, "receiver", "submit")
    does(town, new, "receiver", "submit", confirmed="on")
    does(town, new, "legal", "check")
    does(town, new, "leader", "decide")
    does(town, new, "leader", "promulgate", since=in_days(10), document_number=document_number(new))
    assert RegulationText.objects.in_force(regulation, today() + timedelta(days=9)) == old
    assert RegulationText.objects.in_force(regulation, today() + timedelta(days=10)) == new
    assert RegulationText.objects.in_force(regulation, today() - timedelta(days=1)) is None
    new.refresh_from_db()
    assert [one.key for one in new.articles] == ["a1", "a2", "a3"], "a reworded article keeps its key"


def test_a_person_says_that_an_article_is_new(town):
    regulation = in_force(town)
    does(town, regulation, "receiver", "revise")
    text = does(town, text_of(regulation), "receiver", "match", article="a2", was="new")
    assert [one.key for one in text.articles] == ["a1", "a4", "a3"] and text.keys_confirmed
    text = does(town, text, "receiver", "match", article="a4", was="a2")
    assert [one.key for one in text.articles] == ["a1", "a2", "a3"]
    with pytest.raises(Invalid):
        does(town, text, "receiver", "match", article="a1", was="a2")


# --- Other hands, and time --------------------------------------------------------------------------------------------
def test_whoever_drafted_it_does_not_check_it(town):
    text = text_in(town, "checking")
    event()
    post = Post.objects.create(organ=town.organ["legal"], name="法规科科员")
    Appointment.objects.create(user=town.receiver, post=post, since=today() - timedelta(days=9))
    town.receiver = User.objects.get(pk=town.receiver.pk)  # who has read what they held before
    with pytest.raises(Refused, match="起草过"):
        does(town, text, "receiver", "check")
    assert does(town, text, "legal", "check", finding="back").state == "draft"


def test_comments_are_answered_after_their_days(town):
    text = does(town, text_of(proposed(town)), "receiver", "open_comment")
    with pytest.raises(WrongState, match="还没有公开"):
        does(town, text, "receiver", "answer_comments")
    published(town, text)
    with pytest.raises(NotYet):
        does(town, text, "receiver", "answer_comments")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert does(town, text, "receiver", "answer_comments").state == "checking"


def test_fewer_days_than_the_statute_says_need_a_reason(town):
    text = text_of(proposed(town))
    assert "少于 30 日" in faults(lambda: does(town, text, "receiver", "open_comment", days=10))["reason"]
    assert does(town, text, "receiver", "open_comment", days=10, reason="防汛在即，必须提前施行").comment_days == 10


# --- What is owed -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("rule", {"GK01", "IN01", "IN10", "IN11"}),
        ("normative", {"GK01", "IN10", "IN11"}),
        ("party", {"IN10", "IN11"}),
        ("internal", {"IN10", "IN11"}),
    ],
)
def test_what_is_owed_of_each_kind(town, kind, rules):
    assert rules_owed(in_force(town, kind=kind)) == rules


def test_what_was_published_filed_and_implemented_is_owed_no_more(town):
    regulation = in_force(town, kind="rule")
    published(town, regulation)
    assert rules_owed(regulation) == {"IN01", "IN10", "IN11"}
    does(town, regulation, "receiver", "file")
    does(town, regulation, "handler", "implemented")
    assert rules_owed(regulation) == {"IN10"}
    does(town, regulation, "receiver", "receive_opinion")
    assert rules_owed(regulation) == {"IN02", "IN10"}
    does(town, regulation, "leader", "answer_opinion")
    does(town, regulation, "leader", "repeal")
    assert rules_owed(regulation) == set()


def test_a_review_is_owed_anew_after_it_and_by_the_new_owner(town):
    regulation = in_force(town)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        does(town, regulation, "handler", "review")
    owed = Obligation.objects.open().about(regulation.KIND, regulation.pk).get(rule="IN10")
    assert owed.opened_at > timezone.now() and owed.post == town.post["handler"]
    does(town, regulation, "leader", "set_duties", owner="deputy")
    owed.refresh_from_db()
    assert owed.post == town.post["deputy"]


def test_the_legal_office_owes_the_check(town):
    text = text_in(town, "checking")
    owed = Obligation.objects.open().about(text.KIND, text.pk).get()
    assert (owed.rule, owed.organ, owed.post) == ("IN13", town.organ["legal"], town.post["legal"])


def test_the_system_ends_what_is_past_its_last_day(town):
    text = text_in(town, "adopted")
    does(town, text, "leader", "promulgate", since=in_days(0), expires=in_days(9))
    regulation = Regulation.objects.get(pk=text.regulation_id)
    lapse_expired(timezone.now() + timedelta(days=9))
    regulation.refresh_from_db()
    assert regulation.state == "in_force", "on its last day it is still in force"
    lapse_expired(timezone.now() + timedelta(days=10))
    lapse_expired(timezone.now() + timedelta(days=10))
    regulation.refresh_from_db()
    assert regulation.state == "lapsed" and rules_owed(regulation) == set()
    assert RegulationText.objects.in_force(regulation, today() + timedelta(days=9)) is not None
    assert RegulationText.objects.in_force(regulation, today() + timedelta(days=10)) is None


# --- The wording ------------------------------------------------------------------------------------------------------
def test_a_text_is_read_and_written_back():
    text = "为了……，制定本办法。\n第一章 总则\n第一条　甲。\n（一）乙；\n（二）丙。\n第二章 附则\n第二条之一　丁。"
    found = read_articles(text)
    assert [heading for heading, _words in found] == ["序言", "第一章 总则　第一条", "第二章 附则　第二条之一"]
    articles = [Article(f"a{n}", *one) for n, one in enumerate(found)]
    assert read_articles(write_articles(articles)) == found
