"""Whistles, and the organs that they call."""

from inspection.models import Whistle, WhistleCall
from massline.time import today
from tests.guards import refused
from tests.inspection_lab import in_days
from tests.whistle_lab import does, whistle_of


def whistle(city):
    return Whistle.objects.filter(pk=whistle_of(city).pk)


def call(city):
    return WhistleCall.objects.filter(whistle=whistle(city).get())


def again(one, **more):
    """The same call once more, but for this."""
    one.pk = None
    for name, value in more.items():
        setattr(one, name, value)
    one.save(force_insert=True)


@refused("inspection_whistle_number_key")
def _(city):
    whistle(city).update(number=whistle(city).get().number)


@refused("whistle_state")
def _(city):
    whistle(city).update(state="lost", is_open=False)


@refused("whistle_open")
def over_and_yet_open(city):
    whistle(city).update(state="settled")


@refused("whistle_open")
def closed_and_yet_blown(city):
    whistle(city).update(is_open=False)


@refused("whistle_item_once")
def _(city):
    again(call(city).get(), organ=city.organ["department"])


@refused("called_once")
def _(city):
    again(call(city).get(), item=2)


@refused("called_once_about_a_matter")
def twice_to_one_matter(city):
    whistle(city).update(about="petition 1")
    whistle(city).update(about="petition 1")


@refused("call_as_its_whistle")
def of_another_township(city):
    call(city).update(township=city.organ["district"])


@refused("call_as_its_whistle")
def about_another_matter(city):
    call(city).update(about="petition 1")


@refused("call_as_its_whistle")
def open_no_more_though_its_whistle_is(city):
    call(city).update(is_open=False)


@refused("whistle_item")
def _(city):
    call(city).update(item=0)


@refused("call_state")
def _(city):
    call(city).update(state="lost")


@refused("rated_once_it_came")
def came_on_no_day(city):
    call(city).update(state="came")


@refused("rated_once_it_came")
def a_day_of_what_did_not_come(city):
    call(city).update(came_on=today())


@refused("rated_once_it_came")
def rated_before_it_came(city):
    call(city).update(worth="solved")


@refused("rated_once_it_came")
def rated_in_other_words(city):
    one = whistle_of(city)
    does(city, one, "street_clerk", "call", come_by=in_days(5))
    does(city, one, "other_leader", "come")
    WhistleCall.objects.filter(whistle=one, item=1).update(worth="splendid")
