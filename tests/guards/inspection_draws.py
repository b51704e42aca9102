"""Draws of what is looked at again."""

from inspection.models import Draw, DrawEntry
from tests.guards import refused
from tests.inspection_lab import add_office
from tests.shared.kinds.draw import draw


def made(city, state="locked"):
    return Draw.objects.filter(pk=draw(add_office(city), state).pk)


@refused("inspection_draw_number_key")
def _(city):
    one = made(city)
    one.update(number=made(city).get().number)


@refused("draw_state")
def _(city):
    made(city).update(state="lost")


@refused("draw_size")
def _(city):
    one = made(city).get()
    Draw.objects.create(
        number="CY20260101-000001", organ=one.organ, office=one.office, title="再抽", size=0, pool_hash=one.pool_hash,
        seed_hash=one.seed_hash, seed=one.seed,
    )  # fmt: skip


@refused("draw_seed")
def a_seed_of_another_hash(city):
    one = made(city).get()
    Draw.objects.create(
        number="CY20260101-000001", organ=one.organ, office=one.office, title="再抽", size=1, pool_hash=one.pool_hash,
        seed_hash=one.pool_hash, seed=one.seed,
    )  # fmt: skip


@refused("draw_stays")
def another_pool(city):
    made(city).update(pool_hash="0" * 64)


@refused("draw_stays")
def another_number_in_the_pool(city):
    DrawEntry.objects.filter(draw=made(city).get()).update(number="DC20260101-000001")


@refused("draw_stays")
def drawn_and_then_not(city):
    DrawEntry.objects.filter(draw=made(city, "drawn").get()).update(drawn=False)


@refused("draw_entry_once")
def _(city):
    one = DrawEntry.objects.filter(draw=made(city).get()).get()
    DrawEntry.objects.create(draw=one.draw, number=one.number)
