"""A walled record exists for its named readers alone, once they have signed the commitment to secrecy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent, AuditRow
from massline.acts import NotVisible
from massline.keys import key_of
from records import kinds
from records.exporting import Exported
from responsibility import readers, subjects
from responsibility.models import Appointment, Post, Reader
from tests.chain_lab import appoint, at, event, sh
from tests.kinds.lab import SEALED, WalledKind, sealed, seen_by, walled_kind
from tests.kinds.models import Sealed
from tests.people_lab import EVERYBODY, look
from tests.reader import page, reader

pytestmark = pytest.mark.django_db
DAY, LATER = "2026-09-15 10:00", "2026-09-20 10:00"


@pytest.fixture
def walled() -> Iterator[WalledKind]:
    with walled_kind() as kind:
        yield kind


@pytest.fixture
def matter(city: SimpleNamespace, walled: WalledKind) -> Sealed:
    """A sealed matter of the department's deputy."""
    event()
    return sealed("S-1", city.organ["department"], city.post["deputy"])


def declare(user: Any) -> None:
    for row in readers.undeclared(user):
        readers.declare(user, row.pk)


def readers_of(one: Sealed, day: str) -> set[str]:
    rows = Reader.objects.about(Sealed.KIND, one.pk).on(date.fromisoformat(day))
    return set(rows.values_list("user__username", flat=True))


# --- Who reads ----------------------------------------------------------------------------------------------------
def test_without_a_reader_it_exists_for_nobody(city: SimpleNamespace, matter: Sealed) -> None:
    assert {who for who in EVERYBODY if seen_by(getattr(city, who))} == set(), "not for leaders, nor for auditors"


def test_it_exists_for_its_reader_once_declared(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        assert not seen_by(city.deputy) and not readers.reads(city.deputy, matter.matter)
        declare(city.deputy)
        assert seen_by(city.deputy) == {"S-1"} and readers.reads(city.deputy, matter.matter)
        assert {who for who in EVERYBODY if seen_by(getattr(city, who))} == {"deputy"}


def test_a_reader_of_one_record_reads_no_other(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        other = sealed("S-2", city.organ["department"])
        readers.allow(other.matter, [city.deputy.pk], now)
        readers.allow(readers.Matter("another kind", matter.pk, "A-1"), [city.deputy.pk], now)
        declare(city.deputy)
        assert seen_by(city.deputy) == {"S-2"}, "nor one of another kind with the same id"


def test_a_closed_account_reads_nothing(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        declare(city.deputy)
        type(city.deputy).objects.filter(pk=city.deputy.pk).update(is_active=False)
        assert not seen_by(city.deputy)


def test_access_ends_at_once(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk, city.leader.pk], now)
        declare(city.deputy)
        declare(city.leader)
        readers.end(matter.matter, now, [city.deputy.pk])
        assert not seen_by(city.deputy) and seen_by(city.leader) == {"S-1"}
        readers.end(matter.matter, now)
        assert not seen_by(city.leader)


def test_who_is_allowed_again_signs_again(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        declare(city.deputy)
        readers.end(matter.matter, now)
        readers.allow(matter.matter, [city.deputy.pk], now)
        assert not seen_by(city.deputy) and readers.undeclared(city.deputy).count() == 1


def test_allowing_twice_is_once(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk, city.deputy.pk], now)
        declare(city.deputy)
        readers.allow(matter.matter, [city.deputy.pk], now)
        assert Reader.objects.count() == 1 and seen_by(city.deputy) == {"S-1"}


@pytest.mark.parametrize("many", [1, 30])
def test_a_list_asks_once_however_many_readers(city: SimpleNamespace, matter: Sealed, many: int) -> None:
    with at(DAY) as now:
        people = [getattr(city, who).pk for who in EVERYBODY]
        for n in range(many):
            readers.allow(sealed(f"M-{n}", city.organ["department"]).matter, people, now)
        declare(city.deputy)
        with CaptureQueriesContext(connection) as sent:
            assert len(seen_by(city.deputy)) == many
        assert len(sent) == 1 and sent[0]["sql"].count("EXISTS") == 1


# --- Declaring ----------------------------------------------------------------------------------------------------
def test_until_they_sign_they_see_that_something_waits_and_nothing_else(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        shown, others = page(city.deputy, "/desk/secrecy/"), page(city.leader, "/desk/secrecy/")
        assert "有一件限定人员阅看的事项等您签署" in shown and "2026-09-15" in shown
        assert "S-1" not in shown and matter.title not in shown and Sealed.KIND not in shown
        assert "没有等您签署的事项" in others


def test_signing_is_recorded_and_opens_it(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        row = Reader.objects.get()
        answer = reader(city.deputy).post(f"/desk/secrecy/{key_of('reader', row.pk)}/", follow=True)
        assert "已签署保密承诺" in answer.content.decode()
        assert seen_by(city.deputy) == {"S-1"}
    (said,) = AuditEvent.objects.filter(name="secrecy_declared")
    assert (said.actor_key, said.sentence) == ("deputy", "签署保密承诺")
    (image,) = AuditRow.objects.filter(event=said)
    assert image.table_name == "responsibility_reader" and image.image["record"] == matter.pk
    assert not said.public


def test_nobody_signs_for_another(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        pk = Reader.objects.get().pk
        assert reader(city.leader).post(f"/desk/secrecy/{key_of('reader', pk)}/").status_code == 404
        with pytest.raises(NotVisible):
            readers.declare(city.leader, pk)
        readers.end(matter.matter, now)
        with pytest.raises(NotVisible):
            readers.declare(city.deputy, pk)


def test_the_menu_counts_what_waits_where_there_are_walled_kinds(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.allow(matter.matter, [city.deputy.pk], now)
        assert 'href="/desk/secrecy/"' in look(city.deputy, "/desk/inbox/")


def test_without_walled_kinds_the_menu_has_no_such_item(city: SimpleNamespace) -> None:
    assert 'href="/desk/secrecy/"' not in look(city.deputy, "/desk/inbox/")


# --- Following posts ----------------------------------------------------------------------------------------------
def test_readers_follow_the_posts(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.recompute(matter.matter, now)
        declare(city.deputy)
        assert seen_by(city.deputy) == {"S-1"}
    with at(LATER) as now:
        event()
        Appointment.objects.filter(user=city.deputy).update(until=date(2026, 9, 25))
        appoint(city.colleague, city.post["deputy"], since=date(2026, 9, 25))
        readers.recompute_all(now)
        assert seen_by(city.deputy) == {"S-1"}, "who stays a while signs only once"
        assert readers_of(matter, "2026-09-24") == {"deputy"} and readers_of(matter, "2026-09-25") == {"colleague"}
    with at("2026-09-25 10:00"):
        assert not seen_by(city.deputy), "without anything having run that day"
        declare(city.colleague)
        assert seen_by(city.colleague) == {"S-1"}


def test_access_that_never_began_lets_nobody_in(city: SimpleNamespace, walled: WalledKind, matter: Sealed) -> None:
    with at(DAY) as now:
        Appointment.objects.filter(user=city.deputy).update(until=date(2026, 9, 25))
        appoint(city.colleague, city.post["deputy"], since=date(2026, 9, 25))
        readers.recompute(matter.matter, now)
        walled.about[matter.pk] = [city.colleague.pk]
        readers.recompute(matter.matter, now)
        before = AuditEvent.objects.count()
        readers.recompute(matter.matter, now)
        assert AuditEvent.objects.count() == before, "what has ended ends once"
        assert readers_of(matter, "2026-09-25") == set()
        walled.about.clear()
        readers.recompute(matter.matter, now)
        assert readers_of(matter, "2026-09-25") == {"colleague"}


def test_a_second_run_changes_and_says_nothing(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.recompute(matter.matter, now)
        before = AuditEvent.objects.count(), AuditRow.objects.count()
        readers.recompute(matter.matter, now)
        readers.recompute_all(now)
        assert (AuditEvent.objects.count(), AuditRow.objects.count()) == before


def test_nobody_whom_it_is_about_reads_it(city: SimpleNamespace, walled: WalledKind, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.recompute(matter.matter, now)
        walled.about[matter.pk] = [city.deputy.pk]
        readers.recompute(matter.matter, now)
        assert readers_of(matter, "2026-09-15") == set()


def test_readers_follow_a_register_that_is_loaded(db: None, walled: WalledKind, tmp_path: Path) -> None:
    def load(text: str) -> None:
        (tmp_path / "office.toml").write_text(text, "utf-8")
        call_command("load_register", str(tmp_path / "office.toml"), stdout=StringIO())

    office = Path("docs/register-example.toml").read_text("utf-8")
    clerk = '[[appointment]]\norgan = "xinfang"\npost = "来信来访登记岗"\nperson = "clerk"\nsince = 2026-01-01\n'
    assert clerk in office
    load(office)
    post = Post.objects.get(organ__code="xinfang", name="来信来访登记岗")
    with at(DAY):
        event()
        one = sealed("S-9", post.organ, post)
        readers.recompute(one.matter, sh(DAY))
        load(office.replace(clerk, clerk + "until = 2026-09-16\n"))
        assert (readers_of(one, "2026-09-15"), readers_of(one, "2026-09-16")) == ({"clerk"}, set())


def test_the_log_names_who_may_read(city: SimpleNamespace, matter: Sealed) -> None:
    with at(DAY) as now:
        readers.recompute(matter.matter, now)
    with at(LATER) as now:
        readers.end(matter.matter, now)
    said = AuditEvent.objects.filter(subject_kind=Sealed.KIND, subject_key="S-1").order_by("id")
    assert [one.sentence for one in said] == ["准予阅看：傅主管", "停止阅看：傅主管"]
    assert not AuditRow.objects.filter(table_name="responsibility_reader").unexplained().exists()


# --- Declared -----------------------------------------------------------------------------------------------------
def test_a_walled_kind_whose_files_would_outlive_access_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, registry in ((kinds, "_kinds"), (subjects, "_adapters"), (readers, "_walled")):
        monkeypatch.setattr(module, registry, dict(getattr(module, registry)))
    exported = replace(SEALED, kind="cellar", plural="cellars", exported=Exported())
    readers.register("cellar", WalledKind())
    with pytest.raises(ValueError, match="outlive"):
        kinds.register(exported)
    assert "cellar" not in kinds._kinds
    kinds.register(replace(exported, exported=Exported(hidden=lambda user, at: Sealed.objects.none())))
    kinds.register(replace(exported, kind="attic", plural="attics"))
    with pytest.raises(ValueError, match="before the kind"):
        readers.register("attic", WalledKind())
