"""Erasing: what a person gave is gone from the row, and nothing in the log can give it back."""

import pytest
from django.db import connections, models, transaction
from django.test.utils import isolate_apps

from audit import log
from audit.columns import Columns, SaltField
from audit.erase import clear
from audit.events import ERASED, READ
from audit.verify import verify

pytest_plugins = ["tests.audit_lab"]


def model_of(lab):
    class Record(models.Model):
        title = models.TextField()
        sealed = models.BinaryField(null=True)
        due = models.DateField(null=True)
        state = models.TextField(null=True)
        salt = SaltField()

        audit = Columns(personal=("title", "sealed"), secret=("token",))

        class Meta:
            app_label = "audit"
            db_table = lab.table
            managed = False

    return Record


@isolate_apps("audit")
def test_erasing_clears_the_values_and_their_salt(lab):
    record = model_of(lab)
    with transaction.atomic():
        log.record(READ)
        one, _ = (record.objects.create(title=t, sealed=b"\x01", state="new") for t in ("王小明", "李红"))
    old_salt = bytes(record.objects.get(pk=one.pk).salt)
    with transaction.atomic():
        event = log.record(ERASED)
        assert clear(record.objects.filter(pk=one.pk)) == 1
    erased, kept = record.objects.order_by("pk")
    assert (erased.title, erased.sealed, erased.state) == ("", None, "new")
    assert bytes(erased.salt) != old_salt
    assert bytes(kept.sealed) == b"\x01"
    assert (lab.images()[-1]["event_id"], lab.images()[-1]["secrets"]) == (event, ["salt"])
    assert verify(lab.table).ok

    whole_log = lab.owner("SELECT string_agg(r::text, '') FROM audit_row r")[0][0]
    assert "王小明" not in whole_log
    for (table,) in lab.owner("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"):
        name = connections["owner"].ops.quote_name(table)
        found = lab.owner(f"SELECT count(*) FROM {name} t WHERE strpos(t::text, %s) > 0", [old_salt.hex()])
        assert found == [(0,)], f"the old salt stands in {table}"


@isolate_apps("audit")
def test_a_part_can_be_erased_and_the_rest_stays(lab):
    record = model_of(lab)
    with transaction.atomic():
        log.record(ERASED)
        one = record.objects.create(title="王小明", sealed=b"\x01")
        clear(record.objects.filter(pk=one.pk), ["sealed"])
    one.refresh_from_db()
    assert (one.title, one.sealed) == ("王小明", None)
    assert verify(lab.table).ok


@isolate_apps("audit")
def test_a_column_that_cannot_be_empty_is_said_so(lab):
    class Fixed(models.Model):
        born = models.DateField()
        audit = Columns(personal=("born",))

        class Meta:
            app_label = "audit"
            managed = False

    with pytest.raises(ValueError, match="make it nullable"):
        clear(Fixed.objects.all())
