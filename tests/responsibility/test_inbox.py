"""The inbox: what a notice is about and why it came, instructions first, all read at once, no link to nowhere."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from audit.models import AuditEvent
from massline.acts import perform
from massline.keys import key_of
from petitions.models import State
from responsibility.acts import LEADER_ACTS
from responsibility.models import Appointment, Escalation, Notice
from tests.chain_lab import at, event, sweep_at
from tests.city import act, file_petition, walk_to
from tests.reader import part, reader, source, words

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<div class="what"><p><a href="([^"]+)">([^<]+)</a>')
INBOX = "/desk/inbox/"


def lines(client: Client) -> list[str]:
    """The lines of the inbox, in their order."""
    return [words(line) for line in re.findall(r'<div class="what">.*?</div>', source(client, INBOX), re.S)]


def test_a_notice_says_what_it_is_about_and_why_it_came(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    sweep_at("2026-10-28")
    with at("2026-10-28 10:00"):
        (line,) = [line for line in lines(reader(city.handler)) if line.startswith("临近到期")]
    assert line == f"临近到期 {filed.number} 未读 {filed.demand.petition.title} 办结并出具处理意见书"


def test_an_instruction_stands_first_with_its_words_until_it_is_read(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    with at("2026-11-23 09:00"):
        step = Escalation.objects.get(obligation__subject_key=filed.number, step="top")
        perform(LEADER_ACTS["instruct"], Escalation, step.pk, city.leader, {"text": "三日内办结并报告。"})
    with at("2026-11-23 10:00"):
        act(filed.demand, "citizen", "urge")
    with at("2026-11-23 11:00"):
        client = reader(city.handler)
        first, second = lines(client)[:2]
        assert first.startswith(f"领导已批示 {filed.number} 未读") and first.endswith("三日内办结并报告。")
        assert second.startswith("信访人催办"), "which came later"
        told = Notice.objects.get(kind="instructed", recipient=city.handler)
        client.post(f"{INBOX}{key_of('notice', told.pk)}/")
        assert lines(client)[0].startswith("信访人催办")
        assert "请先看" not in source(client, INBOX)


def test_all_is_read_in_one_press_but_what_came_after_the_page_was_shown(city: SimpleNamespace) -> None:
    for _each in range(2):
        walk_to(State.HANDLING)
    client = reader(city.handler)
    newest = part(source(client, INBOX), r'name="newest" value="([^"]+)"')
    late = walk_to(State.HANDLING)
    answer = client.post(f"{INBOX}read/", {"newest": newest}, follow=True)
    assert "全部消息已标为已读。" in words(answer.content.decode())
    assert [line for line in lines(client) if "未读" in line] == [
        line for line in lines(client) if late.number in line
    ], "nobody has read what was not on the page"
    assert AuditEvent.objects.filter(name="notices_read").count() == 1
    assert Notice.objects.filter(read_at=None).exclude(recipient=city.handler).exists(), "of others nothing is read"


@pytest.mark.parametrize("newest", ["", "nonsense", "1"])
def test_a_press_that_names_no_notice_reads_nothing(city: SimpleNamespace, newest: str) -> None:
    walk_to(State.HANDLING)
    assert reader(city.handler).post(f"{INBOX}read/", {"newest": newest}).status_code == 302
    assert not Notice.objects.exclude(read_at=None).exists()


def test_what_may_not_be_seen_any_more_has_no_link_and_no_title(city: SimpleNamespace) -> None:
    filed, other = walk_to(State.FORWARDED), walk_to(State.FORWARDED)
    act(filed.demand, "receiver", "object", {"reason": "不属于本单位职责"})
    act(filed.demand, "chief", "decide_objection", {"agree": "true", "reason": "同意"})
    client = reader(city.receiver)
    (line,) = [line for line in lines(client) if filed.number in line]
    assert line == f"转到本单位 {filed.number} 未读"
    led = LINK.findall(source(client, INBOX))
    assert [title for _url, title in led] == [f"转到本单位 {other.number}"]
    assert all(client.get(url).status_code == 200 for url, _title in led)


def test_who_left_the_post_is_not_led_to_what_climbed_to_it(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        walk_to(State.HANDLING, file_petition(received_at=now))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    with at("2026-11-23 09:00"):
        client = reader(city.leader)
        (url,) = {url for url, title in LINK.findall(source(client, INBOX)) if title.startswith("逐级上报")}
        assert "/escalations/" in url and client.get(url).status_code == 200
        event()
        Appointment.objects.filter(user=city.leader).update(until="2026-11-22")
        assert client.get(url).status_code == 404
        assert any(line.startswith("逐级上报") for line in lines(client))
        assert not LINK.findall(source(client, INBOX))
