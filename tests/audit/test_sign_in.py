"""Signing in changes an account's row, and every change of it has its event: also a password that is hashed anew."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from audit.verify import verify
from tests.api import Api
from tests.chain_lab import event
from tests.city import PASSWORD, build_city


def by_page(given):
    assert Client().post(reverse("sign_in"), given).status_code == 302


def by_rest(given):
    assert Api().post("/session/", given).status_code == 200


@pytest.mark.parametrize("sign_in", [by_page, by_rest])
def test_a_password_that_is_hashed_anew_has_its_event(cloned_db, sign_in):
    with transaction.atomic():
        build_city()
        event()
        User.objects.filter(username="clerk").update(password=make_password(PASSWORD, hasher="argon2"))
    sign_in({"username": "clerk", "password": PASSWORD})
    assert not User.objects.get(username="clerk").password.startswith("argon2")
    told = AuditEvent.objects.filter(actor_key="clerk").order_by("id")
    assert list(told.values_list("name", flat=True)) == ["signed_in"]
    assert verify().ok
