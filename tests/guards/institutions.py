"""Regulations, their texts, the gaps between them, and cleanups."""

from datetime import date, timedelta

from institutions.models import Cleanup, CleanupItem, Gap, Regulation, RegulationText
from institutions.models.comment import Comment
from massline.time import today
from tests.cleanup_lab import cleanup_in
from tests.gap_lab import gap_in
from tests.guards import refused
from tests.institutions_lab import add_legal_office, does, in_force, regulation_in, text_in, text_of
from tests.shared.kinds import comment as comments


def regulation(city, state="in_force"):
    return Regulation.objects.filter(pk=regulation_in(add_legal_office(city), state).pk)


def text(city, state="draft"):
    return RegulationText.objects.filter(pk=text_in(add_legal_office(city), state).pk)


@refused("regulation_state")
def _(city):
    regulation(city).update(state="lost", kind="external", issuer="国务院")


@refused("regulation_kind")
def _(city):
    regulation(city).update(kind="rumour")


@refused("regulation_powers")
def _(city):
    regulation(city).update(powers=["weather"])


@refused("regulation_enforced_by")
def _(city):
    regulation(city).update(enforced_by="hope")


@refused("regulation_owner_is_not_supervisor")
def _(city):
    regulation(city).update(supervisor=city.post["handler"])


@refused("regulation_accountability")
def a_clause_that_is_no_number(city):
    regulation(city).update(accountability="违反的要追究")


@refused("regulation_has_all_three")
def without_an_owner(city):
    regulation(city).update(owner=None)


@refused("regulation_has_all_three")
def without_a_supervisor(city):
    regulation(city).update(supervisor=None)


@refused("regulation_has_all_three")
def without_a_clause(city):
    regulation(city).update(accountability="")


@refused("regulation_has_all_three")
def without_an_organ_that_holds_to_account(city):
    regulation(city).update(accountable_organ=None)


@refused("regulation_in_force_from")
def in_force_from_no_day(city):
    regulation(city).update(in_force_from=None)


@refused("regulation_in_force_from")
def proposed_and_in_force(city):
    regulation(city, "proposed").update(in_force_from=today())


@refused("regulation_expires_later")
def _(city):
    regulation(city).update(expires=today() - timedelta(days=1))


@refused("regulation_issuer")
def one_of_our_own_from_outside(city):
    regulation(city).update(issuer="国务院")


@refused("regulation_issuer")
def one_from_outside_by_nobody(city):
    regulation(city).update(kind="external")


@refused("regulation_number_once")
def _(city):
    one = regulation(city).get()
    Regulation.objects.filter(pk=in_force(city).pk).update(document_number=one.document_number)


@refused("institutions_regulation_number_key")
def _(city):
    one = regulation(city).get()
    Regulation.objects.filter(pk=in_force(city).pk).update(number=one.number)


@refused("text_number_once")
def _(city):
    one = text(city, "promulgated").get()
    text(city).update(document_number=one.document_number)


@refused("institutions_regulationtext_number_key")
def _(city):
    one = text(city).get()
    text(city).update(number=one.number)


@refused("text_state")
def _(city):
    text(city).update(state="lost")


@refused("text_edition")
def _(city):
    one = text(city, "rejected").get()
    does(city, one.regulation, "receiver", "revise")
    text_filter = RegulationText.objects.filter(pk=text_of(one.regulation).pk)
    text_filter.update(edition=1)


@refused("text_one_open")
def a_second_open_text(city):
    one = text(city, "rejected")
    does(city, one.get().regulation, "receiver", "revise")
    one.update(state="draft")


@refused("text_one_in_force")
def two_in_force_on_a_day(city):
    one = text(city, "promulgated").get()
    does(city, one.regulation, "receiver", "revise")
    other = RegulationText.objects.filter(pk=text_of(one.regulation).pk)
    other.update(state="promulgated", since=one.since, digest="x", keys_confirmed=True)


@refused("text_days")
def _(city):
    one = text(city, "promulgated")
    one.update(until=one.get().since)


@refused("text_in_force")
def in_force_without_a_digest(city):
    text(city).update(state="promulgated", since=today(), keys_confirmed=True)


@refused("text_promulgated")
def promulgated_from_no_day(city):
    text(city).update(state="promulgated", keys_confirmed=True)


@refused("text_keys_confirmed")
def checked_before_anybody_confirmed_its_articles(city):
    text(city, "checking").update(keys_confirmed=False)


@refused("version_stays")
def what_is_promulgated_says_something_else(city):
    text(city, "promulgated").update(since=date(2020, 1, 1))


def gap(city, state="found"):
    return Gap.objects.filter(pk=gap_in(add_legal_office(city), state).pk)


@refused("gap_state")
def _(city):
    gap(city).update(state="lost")


@refused("gap_sort")
def _(city):
    gap(city).update(sort="bad_luck")


@refused("gap_cell")
def _(city):
    gap(city).update(power="weather")


@refused("gap_planned")
def planned_by_nobody(city):
    gap(city).update(state="planned")


@refused("gap_closed_by_a_rule")
def closed_by_no_rule(city):
    gap(city).update(state="closed")


@refused("gap_closed_by_a_rule")
def filled_while_it_is_open(city):
    gap(city).update(filled_by=regulation(city).get())


@refused("gap_once_open")
def the_same_gap_twice(city):
    one = gap(city).get()
    one.pk, one.number = None, "QK20260101-000001"
    one.save(force_insert=True)


@refused("institutions_gap_number_key")
def _(city):
    one = gap(city).get()
    one.pk, one.sort = None, "conflict"
    one.save(force_insert=True)


def comment(city):
    return Comment.objects.filter(pk=comments.comment(city).pk)


@refused("comment_answered")
def answered_without_an_outcome(city):
    comment(city).update(state="answered")


@refused("comment_answered")
def an_outcome_of_what_is_not_answered(city):
    comment(city).update(outcome="not")


@refused("institutions_comment_number_key")
def _(city):
    one = comment(city).get()
    comment(city).update(number=one.number)


@refused("institutions_comment_filing_id_key")
def _(city):
    one = comment(city).get()
    comment(city).update(filing=one.filing)


def cleanup(city, state="judging"):
    return Cleanup.objects.filter(pk=cleanup_in(city, state).pk)


def cleanup_item(city):
    return CleanupItem.objects.filter(cleanup=cleanup(city).get())


@refused("cleanup_state")
def _(city):
    cleanup(city, "closed").update(state="lost")


@refused("cleanup_of_something")
def _(city):
    one = cleanup(city, "closed").get()
    one.pk, one.number, one.size = None, "QL20260101-000001", 0
    one.save(force_insert=True)


@refused("cleanup_approved_by_a_meeting")
def _(city):
    cleanup(city).update(state="closed")


@refused("institutions_cleanup_number_key")
def _(city):
    one = cleanup(city, "closed").get()
    one.pk = None
    one.save(force_insert=True)


@refused("cleanup_item_once")
def _(city):
    one = cleanup_item(city).get()
    one.pk, one.regulation = None, in_force(city, title="又一个办法")
    one.save(force_insert=True)


@refused("cleanup_item_judged_by_whom")
def judged_by_nobody(city):
    cleanup_item(city).update(judged_by=None)


@refused("cleanup_scope_frozen")
def one_more_than_it_began_with(city):
    one = cleanup_item(city).get()
    one.pk, one.item, one.regulation = None, 2, in_force(city, title="又一个办法")
    one.save(force_insert=True)


@refused("cleanup_scope_frozen")
def another_in_its_place(city):
    cleanup_item(city).update(regulation=in_force(city, title="又一个办法"))


@refused("cleanup_scope_frozen")
def a_larger_scope(city):
    cleanup(city).update(size=5)


@refused("cleanup_regulation_once")
def the_same_rule_twice(city):
    rule = cleanup_item(city).get().regulation
    one = cleanup(city).get()
    one.pk, one.number, one.size = None, "QL20260101-000001", 2
    one.save(force_insert=True)
    CleanupItem.objects.create(cleanup=one, item=1, regulation=rule)
    CleanupItem.objects.create(cleanup=one, item=2, regulation=rule)
