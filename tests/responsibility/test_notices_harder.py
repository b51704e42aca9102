"""What leaves the house when the mail server, a clerk or the installation does what nobody hoped for."""

import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction
from django.test import Client, override_settings

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from citizens.telling.acts import tell
from citizens.telling.outgoing import Letters
from responsibility.models import Delivery, Message, Notice, Preference
from responsibility.outbox.deliver import LEASE, RETRY_DELAYS, deliver
from responsibility.outbox.queue import fill
from tests.chain_lab import at
from tests.mail_lab import Post, post_office
from tests.responsibility.test_notices import DUE, accepted, change, notify, wants_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    with post_office() as running:
        yield running


@contextmanager
def gateway(status: int = 200):
    """A web server that stands for an SMS gateway, and what it was asked."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with override_settings(EMAIL_HOST="", NOTIFY_URL=f"json://127.0.0.1:{server.server_port}/sms/{{to}}"):
            yield asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_sender_that_the_server_refuses_is_the_installations_fault_and_fails_nobody(city, post: Post):
    async def refuse(server, session, envelope, address, options):
        return "550 who are you"

    post.handle_MAIL = refuse
    wants_mail(city.handler, city.clerk)
    with at(DUE):
        notify(city.handler)
        notify(city.clerk)
        deliver()
    assert set(Message.objects.values_list("state", "attempts")) == {(Delivery.WAITING, 0)}
    assert not Notice.objects.filter(kind="undelivered").exists()


def test_a_server_that_hangs_up_on_one_makes_no_repeat_of_the_next(city, post: Post):
    wants_mail(city.handler, city.clerk)
    post.answers["handler@office.example"] = "421 busy"
    with at(DUE):
        notify(city.handler)
        notify(city.clerk)
        deliver()
    assert post.to() == ["clerk@office.example"]
    assert not Message.objects.filter(possible_repeat=True).exists()


def test_a_clerk_who_tells_while_it_is_sent_stays_on_record(city, post: Post):
    demand = accepted(city, tell_by="email", email="zhao@home.example")
    telling = CitizenNotification.objects.about("petition", demand.pk).first()

    composed = Letters.compose

    def compose(self, message):
        outgoing = composed(self, message)
        if message.source_id == telling.pk:
            with transaction.atomic():
                tell(telling.pk, city.clerk, "phone")
        return outgoing

    with at("2026-09-16 09:00"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Letters, "compose", compose)
        deliver()
    telling.refresh_from_db()
    assert (telling.told_by, telling.told_how) == (city.clerk, "phone")
    told = AuditEvent.objects.filter(name="told", subject_key=demand.petition.number)
    assert told.count() == CitizenNotification.objects.about("petition", demand.pk).count()


def test_a_digest_that_missed_its_day_is_not_sent_on_another(city, post: Post):
    wants_mail(city.handler, digest_hour=9, at_once=False)
    with at("2026-11-20 08:00"):
        notify(city.handler, "petition.assigned")
    with at("2026-11-20 09:00"), override_settings(EMAIL_PORT=1):  # Friday: nobody answers there
        deliver()
    for moment in ("2026-11-21 09:00", "2026-11-22 00:01"):  # the weekend of somebody who wants working days only
        with at(moment):
            deliver()
    assert post.to() == []
    with at("2026-11-23 09:00"):
        deliver()
    assert post.to() == ["handler@office.example"]


def test_a_message_whose_senders_all_die_is_given_up_in_the_end(city, post: Post):
    wants_mail(city.handler)
    with at(DUE) as now:
        notify(city.handler)
        fill()
        with change():
            Message.objects.update(state=Delivery.SENDING, sending_at=now, attempts=len(RETRY_DELAYS) + 1)
    with at(now + LEASE * 2):
        deliver()
    assert Message.objects.get().state == Delivery.FAILED
    assert Notice.objects.filter(kind="undelivered", recipient=city.leader).count() == 1
    assert post.to() == []


def test_whoever_wants_mail_again_is_not_mailed_the_days_between(city, post: Post):
    wants_mail(city.handler, at_once=False)
    client = Client()
    client.force_login(city.handler)
    with at("2026-11-17 09:00"):
        notify(city.handler)
    with at("2026-11-18 09:00"):
        client.force_login(city.handler)
        client.post("/desk/preferences/", {"email": "handler@office.example", "at_once": "on", "digest_hour": ""})
        deliver()
    assert Preference.objects.get().at_once
    assert post.to() == []


def test_a_citizen_who_chose_sms_is_told_by_the_gateway(city):
    demand = accepted(city, tell_by="sms", phone="+8613912345678", name="赵钱孙", title="楼上漏水")
    with at("2026-09-16 09:00"), gateway() as asked:
        deliver()
        deliver()
    assert (
        len(asked)
        == CitizenNotification.objects.about("petition", demand.pk).filter(told_how="sms", told_by=None).count()
        > 0
    )
    for path, said in asked:
        assert path == "/sms/+8613912345678" or path == "/sms/%2B8613912345678"
        assert demand.petition.number in said["title"] + said["message"]
        assert "赵" not in str(said) and "漏水" not in str(said)


def test_a_gateway_that_does_not_say_yes_may_have_sent_it(city, caplog):
    accepted(city, tell_by="sms", phone="+8613912345678")
    caplog.set_level(logging.INFO)
    with at("2026-09-16 09:00"), gateway(500) as asked:
        deliver()
    assert len(asked) > 0
    assert set(Message.objects.values_list("state", "possible_repeat")) == {(Delivery.WAITING, True)}


@pytest.mark.parametrize("url", ["nosuch://key@host/{to}", "twilio://nonsense/{to}"])
def test_no_number_and_no_secret_of_a_gateway_is_logged(city, caplog, capfd, settings, url):
    settings.EMAIL_HOST, settings.NOTIFY_URL = "", url
    accepted(city, tell_by="sms", phone="+8613912345678")
    with at("2026-09-16 09:00"):
        deliver()
    logging.getLogger("apprise").warning("Failed to send notification to 13912345678")  # as its gateways do
    out = capfd.readouterr()
    assert "13912345678" not in caplog.text + out.out + out.err


def test_the_administrator_sees_what_nobody_is_above(city):
    client = Client()
    client.force_login(city.sysadmin)
    assert client.get("/desk/undelivered/").status_code == 200
    assert client.get("/desk/inbox/").status_code == 200


def test_the_queue_says_what_is_on_its_way(city, post: Post):
    demand = accepted(city, tell_by="email", email="zhao@home.example")
    post.answers["zhao@home.example"] = "451 later"
    with at("2026-09-16 09:00"):
        deliver()
        client = Client()
        client.force_login(city.clerk)
        page = client.get("/desk/letters/").content.decode()
    assert demand.petition.number in page and "自动发送" in page
