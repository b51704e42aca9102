"""Publications: proposed by one post, cleared by another, and left as they were cleared."""

from typing import Any

from django.utils import timezone

from records.models import Publication
from tests.guards import refused

NUMBERS = iter(range(10**6))
GROUNDS = ["secrets", "personal", "cases"]


def _publication(city: Any, **more: Any) -> Publication:
    given = {
        "source_kind": "a", "source_id": 1, "source_key": "A-1", "organ": city.organ["office"], "content": '{"a":"b"}',
        "made_by": city.handler, "made_post": city.post["handler"], "number": f"GK-{next(NUMBERS)}",
    }  # fmt: skip
    return Publication.objects.create(**given | more)


def _cleared(city: Any, **more: Any) -> Publication:
    given = {
        "state": "public", "result": "public", "cleared_by": city.chief, "cleared_post": city.post["chief"],
        "cleared_at": timezone.now(), "grounds": GROUNDS, "content_hash": "0" * 64,
    }  # fmt: skip
    return _publication(city, **given | more)


def _change(one: Publication, **columns: Any) -> None:
    Publication.objects.filter(pk=one.pk).update(**columns)


@refused("one_publication_proposed")
def _(city):
    _publication(city)
    _publication(city, state="referred")


@refused("one_publication_public")
def _(city):
    _cleared(city)
    _cleared(city)


@refused("publication_state")
def in_no_state(city):
    _publication(city, state="lost")


@refused("publication_state")
def public_without_a_result(city):
    _publication(city, state="public")


@refused("publication_state")
def refused_and_public(city):
    _cleared(city, result="refused", content_hash="")


@refused("publication_cleared_by_whom")
def by_nobody(city):
    _cleared(city, cleared_by=None)


@refused("publication_cleared_by_whom")
def in_no_post(city):
    _cleared(city, cleared_post=None)


@refused("publication_cleared_by_whom")
def before_it_is_decided(city):
    _publication(city, cleared_by=city.chief)


@refused("publication_other_hands")
def _(city):
    _cleared(city, cleared_by=city.handler)


@refused("publication_other_post")
def _(city):
    _cleared(city, cleared_post=city.post["handler"])


@refused("publication_hash")
def without_a_hash(city):
    _cleared(city, content_hash="")


@refused("publication_hash")
def a_hash_of_nothing_public(city):
    _publication(city, content_hash="0" * 64)


@refused("publication_grounds")
def _(city):
    _cleared(city, grounds=GROUNDS[:2])


@refused("publication_ended")
def withdrawn_at_no_time(city):
    _cleared(city, state="withdrawn")


@refused("publication_ended")
def ended_and_public(city):
    _cleared(city, ended_at=timezone.now())


@refused("publication_stays")
def other_words(city):
    _change(_cleared(city), content='{"a":"c"}')


@refused("publication_stays")
def another_hash(city):
    _change(_cleared(city), content_hash="1" * 64)


@refused("publication_stays")
def without_its_hash_once_erased(city):
    _change(_cleared(city), content="", content_hash="1" * 64)


@refused("publication_stays")
def another_clearer(city):
    _change(_cleared(city), cleared_by=city.mayor)


@refused("publication_stays")
def public_again(city):
    _change(_cleared(city, state="withdrawn", ended_at=timezone.now()), state="public", ended_at=None)
