"""What leaves the house: to whom, once, and what becomes of what cannot be delivered."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.keys import key_of
from responsibility.models import Delivery, Message, Notice, Preference
from responsibility.outbox.deliver import LEASE, RETRY_DELAYS, deliver
from tests.chain_lab import at, event
from tests.city import act, file_petition, tell_all, walk_to
from tests.mail_lab import Post, post_office

pytestmark = pytest.mark.django_db
FILED = "2026-09-15 10:00"
DUE = "2026-11-17 09:00"


@contextmanager
def change():
    """A change by hand, with its event."""
    with transaction.atomic():
        event()
        yield


@pytest.fixture
def post():
    with post_office() as running:
        yield running


def wants_mail(*users, **more) -> None:
    with change():
        for user in users:
            since = timezone.now() - timedelta(days=400)
            defaults = {"email": f"{user.username}@office.example", "since": since, "digest_hour": None} | more
            Preference.objects.create(user=user, **defaults)


def notify(user, kind="overdue", key="XF20260915-000001") -> Notice:
    with change():
        return Notice.objects.create(
            recipient=user, kind=kind, subject_kind="petition", subject_key=key, told_at=timezone.now()
        )


def test_a_notice_is_mailed_once_and_says_the_number_only(city, post: Post):
    with at(FILED) as now:
        demand = walk_to("handling", file_petition(received_at=now, title="楼上漏水三个月", name="赵钱孙")).demand
    wants_mail(city.handler)
    from responsibility.sweep import sweep

    with at(DUE) as now:
        sweep(now)
        assert deliver().sent == 1
        assert deliver().sent == 0
    (mail,) = post.mails
    said = str(mail["Subject"]) + mail.get_content()
    assert demand.petition.number in said and "https://massline.example/desk/inbox/" in said
    for secret in ("漏水", "赵钱孙", demand.petition.body[:6]):
        assert secret not in said
    assert (mail["To"], mail["Auto-Submitted"]) == ("handler@office.example", "auto-generated")
    assert mail["Message-ID"] == Message.objects.get().message_id


def test_no_second_mail_at_midnight_or_weekend_or_after_a_restart(city, post: Post):
    wants_mail(city.handler)
    with at("2026-11-20 17:00"):  # a Friday
        notify(city.handler)
        deliver()
    for moment in ("2026-11-21 00:01", "2026-11-22 12:00", "2026-11-23 00:01", "2026-11-26 08:00"):
        with at(moment):
            deliver()
    assert post.to() == ["handler@office.example"]


def test_whoever_wants_none_and_whoever_refuses_stop_nobody(city, post: Post):
    wants_mail(city.deputy, at_once=False)
    wants_mail(city.clerk, city.handler, city.chief)
    post.answers["clerk@office.example"] = "550 no such mailbox"
    with at(DUE):
        for user in (city.deputy, city.clerk, city.handler, city.leader, city.chief):
            notify(user)
        run = deliver()
    assert (run.sent, run.failed) == (2, 1)
    assert sorted(post.to()) == ["chief@office.example", "handler@office.example"]
    told = Notice.objects.filter(kind="undelivered")
    assert [n.recipient for n in told] == [city.chief]  # above the clerk
    assert "XF2026" not in told.get().subject_key
    assert Message.objects.get(state=Delivery.FAILED).fault == "SMTP 550"


def test_a_mail_server_that_is_down_fills_nobodys_inbox(city, post: Post):
    wants_mail(city.clerk, city.chief)
    post.answers["clerk@office.example"] = "550 no such mailbox"
    told = Notice.objects.filter(kind="undelivered", recipient=city.chief)
    with at(DUE):
        for n in range(5):
            notify(city.clerk, key=f"XF20260101-00000{n}")
        assert deliver().failed == 5
        assert told.filter(read_at=None).count() == 5, "nobody has read any of them, and no row says so"
        deliver()
        assert post.to() == ["chief@office.example"], "one mail for all five"
        client = Client()
        client.force_login(city.chief)
        page = client.get("/desk/undelivered/").content.decode()
        assert page.count("SMTP 550") == 5, "what waits in the inbox leads to all of them"
        assert client.get("/desk/inbox/").content.decode().count("：有通知未能送达<") == 1
        client.post(f"/desk/inbox/{key_of('notice', told.order_by('pk')[0].pk)}/")
        assert told.filter(read_at=None).count() == 0 and told.values("read_at").distinct().count() == 1
        client.get("/desk/inbox/")  # says what was just marked as read
        assert client.get("/desk/inbox/").content.decode().count("有通知未能送达") == 1, "read, one line for all"
        notify(city.clerk, key="XF20260101-000009")
        deliver()
        assert client.get("/desk/inbox/").content.decode().count("：有通知未能送达<") == 1
        assert told.filter(read_at=None).count() == 1, "what fails after it was read is told anew"


def test_put_off_is_tried_again_later_each_time_and_then_given_up(city, post: Post):
    wants_mail(city.handler)
    post.answers["handler@office.example"] = "451 later"
    from tests.chain_lab import sh

    moment = sh(DUE)
    with at(DUE):
        notify(city.handler)
    for n, wait in enumerate(RETRY_DELAYS, start=1):
        with at(moment):
            assert deliver().retried == 1
            assert deliver().retried == 0  # not before its time
        message = Message.objects.get()
        assert (message.attempts, message.state) == (n, Delivery.WAITING)
        assert wait <= message.next_at - moment <= wait * 1.21
        moment = message.next_at
    with at(moment):
        assert deliver().failed == 1
    assert Notice.objects.filter(kind="undelivered", recipient=city.leader).count() == 1


def test_a_server_that_is_down_uses_up_nobodys_attempts(city):
    wants_mail(city.handler, city.clerk)
    with post_office() as gone:
        port = gone.port
    from django.test import override_settings

    with (
        at(DUE),
        override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False,
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"),
    ):  # fmt: skip
        notify(city.handler)
        notify(city.clerk)
        run = deliver()
    assert (run.sent, run.retried) == (0, 1)
    assert set(Message.objects.values_list("attempts", "state")) == {(0, "waiting")}
    assert Message.objects.filter(possible_repeat=True).count() == 0


def test_broken_off_after_it_was_taken_comes_again_under_the_same_id(city, post: Post):
    wants_mail(city.handler)
    post.after_data = "die"
    with at(DUE):
        notify(city.handler)
        assert deliver().retried == 1
    post.after_data = ""
    with at("2026-11-17 10:00"):
        assert deliver().sent == 1
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["X-Possible-Repeat"], second["X-Possible-Repeat"]) == (None, "yes")
    assert Message.objects.get().possible_repeat


def test_a_sender_that_died_is_noticed_after_the_lease(city, post: Post):
    wants_mail(city.handler)
    with at(DUE):
        notify(city.handler)
        from responsibility.outbox.queue import fill

        fill()
        with change():
            Message.objects.update(state=Delivery.SENDING, sending_at=timezone.now(), attempts=1)
        assert deliver().sent == 0
    from tests.chain_lab import sh

    with at(sh(DUE) + LEASE + timedelta(seconds=1)):
        assert deliver().sent == 1
    assert post.mails[0]["X-Possible-Repeat"] == "yes"
    assert AuditEvent.objects.filter(name="message_may_repeat").count() == 1


@pytest.mark.parametrize(
    ("moment", "mails"),
    [
        ("2026-11-23 08:59", 0),  # Monday, before the hour
        ("2026-11-23 09:00", 1),
        ("2026-11-23 15:00", 1),  # nothing ran at nine: later the same day
        ("2026-11-22 09:00", 0),  # Sunday
    ],
)
def test_the_digest_comes_at_the_hour_that_each_chose(city, post: Post, moment, mails):
    wants_mail(city.handler, digest_hour=9, at_once=False)
    with at("2026-11-20 10:00"):
        notify(city.handler, "petition.assigned", "XF20260915-000077")
    with at(moment):
        deliver()
        deliver()
    assert len(post.mails) == mails
    if mails:
        assert "XF20260915-000077" in post.mails[0].get_content()
        assert Message.objects.filter(purpose="digest").count() == 1


def test_a_day_with_nothing_has_no_digest(city, post: Post):
    wants_mail(city.handler, digest_hour=9)
    with at("2026-11-23 09:00"):
        deliver()
        notify(city.handler, "petition.assigned")
    with at("2026-11-23 16:00"):
        deliver()
    assert post.mails == []
    assert Message.objects.get().state == Delivery.DROPPED


def accepted(city, **more):
    with at(FILED) as now:
        return walk_to("accepted", file_petition(received_at=now, **more), told=False).demand


def test_a_citizen_who_chose_email_is_told_and_it_is_on_record(city, post: Post):
    demand = accepted(city, tell_by="email", email="zhao@home.example", name="赵钱孙", title="楼上漏水")
    with at("2026-09-16 09:00"):
        deliver()
    mine = [mail for mail in post.mails if mail["To"] == "zhao@home.example"]
    assert len(mine) == CitizenNotification.objects.about("petition", demand.pk).count() > 0
    for mail in mine:
        said = str(mail["Subject"]) + mail.get_content()
        assert demand.petition.number in said and "https://massline.example/track/" in said
        assert "赵" not in said and "漏水" not in said
    for telling in CitizenNotification.objects.about("petition", demand.pk):
        assert (telling.told_how, telling.told_by, telling.told_at is not None) == ("email", None, True)
    assert AuditEvent.objects.filter(name="told", subject_key=demand.petition.number).count() == len(mine)


def test_what_did_not_reach_a_citizen_is_back_in_the_queue(city, post: Post):
    demand = accepted(city, tell_by="email", email="gone@home.example")
    post.answers["gone@home.example"] = "550 no such mailbox"
    with at("2026-09-16 09:00"):
        deliver()
        assert not CitizenNotification.objects.about("petition", demand.pk).exclude(told_at=None).exists()
        client = Client()
        client.force_login(city.clerk)
        page = client.get("/desk/letters/").content.decode()
    assert "未送达" in page and "SMTP 550" in page
    assert Notice.objects.filter(kind="undelivered", recipient=city.chief).exists()


def test_that_it_was_handed_over_is_told_in_neutral_words_and_nothing_that_waited_before(city, post: Post):
    with at(FILED) as now:
        filed = file_petition(received_at=now, tell_by="email", email="who@home.example", title="举报局长收钱")
        act(filed.demand, "clerk", "ask", {"question": "局长收了谁的钱？"})
        act(filed.demand, "clerk", "transfer", {"organ": "other", "pages": 2, "sure": True})
    with at("2026-09-16 09:00"):
        deliver()
    (mail,) = post.mails
    said = str(mail["Subject"]) + mail.get_content()
    assert "办理情况告知" in said and not any(word in said for word in ("举报", "检举", "移送", "局长", "纪"))


def test_what_was_handed_over_is_in_no_mail_and_stops_none(city, post: Post):
    with at(FILED) as now:
        walled = walk_to("transferred", received_at=now).number
    wants_mail(city.handler, digest_hour=9)
    with at(DUE):
        notify(city.handler)
        notify(city.handler, key=walled)
        deliver()
    assert set(Message.objects.values_list("purpose", "state", "fault")) == {
        ("notice", Delivery.SENT, ""), ("notice", Delivery.DROPPED, ""), ("digest", Delivery.SENT, ""),
    }  # fmt: skip
    assert all(walled not in str(mail["Subject"]) + mail.get_content() for mail in post.mails)


def test_told_by_hand_meanwhile_is_not_mailed(city, post: Post):
    demand = accepted(city, tell_by="email", email="zhao@home.example")
    from responsibility.outbox.queue import fill

    with at("2026-09-16 09:00"):
        fill()
        tell_all(demand)
        deliver()
    assert post.mails == []


def test_nothing_is_queued_without_a_mail_server(city, settings):
    settings.EMAIL_HOST = settings.NOTIFY_URL = ""
    wants_mail(city.handler, digest_hour=0)
    accepted(city, tell_by="email", email="zhao@home.example")
    with at("2026-09-16 09:00"):
        notify(city.handler)
        deliver()
    assert not Message.objects.exists()


def test_preferences_page(city, settings):
    settings.EMAIL_HOST = ""
    client = Client()
    client.force_login(city.handler)
    assert "尚未配置邮件服务器" in client.get("/desk/preferences/").content.decode()
    wrong = client.post("/desk/preferences/", {"email": "not an address", "digest_hour": "7"})
    assert wrong.status_code == 422 and "not an address" in wrong.content.decode()
    client.post("/desk/preferences/", {"email": "h@office.example", "at_once": "on", "digest_hour": "7"})
    mine = Preference.objects.get(user=city.handler)
    assert (mine.email, mine.at_once, mine.digest_hour, mine.working_days_only) == ("h@office.example", True, 7, False)


def test_failed_messages_are_shown_to_the_level_above_only(city, post: Post):
    wants_mail(city.handler)
    post.answers["handler@office.example"] = "550 no"
    with at(DUE):
        notify(city.handler)
        deliver()
        for user, status in ((city.leader, 200), (city.mayor, 200), (city.handler, 404), (city.auditor, 404)):
            client = Client()
            client.force_login(user)
            answer = client.get("/desk/undelivered/")
            assert answer.status_code == status, user
            if status == 200:
                assert city.handler.name in answer.content.decode()
                assert "XF2026" not in answer.content.decode()
        client = Client()
        client.force_login(User.objects.get(username="chief"))
        assert city.handler.name not in client.get("/desk/undelivered/").content.decode()


def test_no_header_can_be_smuggled_in(city, post: Post):
    wants_mail(city.handler)
    with at(DUE):
        notify(city.handler, key="XF1\nBcc: evil@x.example")
        run = deliver()
    assert all("evil" not in str(mail["Bcc"]) for mail in post.mails)
    assert run.failed + run.retried + run.sent == 1
    assert act is not None
