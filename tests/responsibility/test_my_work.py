"""My work: one line a matter, one duty alone, the next one after each act, and several at once."""

import re
from types import SimpleNamespace

import pytest

from petitions.models import State
from tests.chain_lab import at, sweep_at
from tests.city import file_petition, walk_to
from tests.reader import page, reader, source, words

pytestmark = pytest.mark.django_db
HOME = "/desk/"
LINE = re.compile(r'<td class="title"><a href="([^"]+)">([^<]+)</a>')
DUTY = re.compile(r'<li><a href="(/desk/[^"]*)"( aria-current="true")?>([^<]+)</a></li>')
WAY_ON = re.compile(r'<nav class="row apart next-item.*?</nav>', re.S)


def lines(client, path=HOME):
    """The address and the title of each line."""
    return [(url.replace("&amp;", "&"), title) for url, title in LINE.findall(source(client, path))]


def duties(client, path=HOME):
    return {title: url for url, _current, title in DUTY.findall(source(client, path))}


def ways_on(html):
    """The addresses of the list and of the next matter."""
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)"', WAY_ON.search(html)[0])]


def test_a_matter_has_one_line_with_all_that_is_owed_of_it(city: SimpleNamespace) -> None:
    filed = walk_to(State.ACCEPTED, told=False)
    shown = page(city.leader, HOME)
    assert shown.count(filed.number) == 1
    assert "收到转送、交办后，书面告知信访人；办结并出具处理意见书" in shown


def test_what_climbed_has_one_line_until_it_is_answered(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    for moment in ("2026-11-17", "2026-11-21"):
        sweep_at(moment)
    with at("2026-11-23 09:00"):
        client = reader(city.leader)
        ((url, _title),) = lines(client)
        shown = words(source(client, HOME))
        assert "领导签收；领导批示 上报：办结并出具处理意见书" in shown and shown.count(filed.number) == 1
        path, _mark, query = url.partition("?")
        client.post(f"{path}acts/acknowledge/?{query}")
        assert "领导签收" not in page(city.leader, HOME) and len(lines(client)) == 1
        client.post(f"{path}acts/instruct/?{query}", {"text": "三日内办结。"})
        assert not lines(client)


def test_one_duty_alone_can_be_chosen(city: SimpleNamespace) -> None:
    client = reader(city.clerk)
    received, answered = walk_to(State.RECEIVED), walk_to(State.ANSWERED)
    offered = duties(client)
    assert set(offered) == {"全部", "核实销号", "登记并转送、交办"}
    alone = source(client, offered["核实销号"])
    assert answered.number in alone and received.number not in alone
    assert re.search(r'aria-current="true">核实销号<', alone)
    assert "全部" not in duties(reader(city.handler)), "nothing to choose from"


def test_a_duty_that_is_done_leads_to_all_the_rest(city: SimpleNamespace) -> None:
    walk_to(State.RECEIVED)
    html = source(reader(city.clerk), f"{HOME}?owed=ML01")
    assert "这一类都办完了。" in html and 'href="/desk/"' in html


def test_an_unknown_duty_shows_all(city: SimpleNamespace) -> None:
    filed = walk_to(State.RECEIVED)
    assert filed.number in page(city.clerk, f"{HOME}?owed=XX99")


def test_after_an_act_the_next_of_the_same_list_is_offered(city: SimpleNamespace) -> None:
    first, second, other = walk_to(State.ANSWERED), walk_to(State.ANSWERED), walk_to(State.RECEIVED)
    client = reader(city.clerk)
    (here, _title), (there, _other) = lines(client, f"{HOME}?owed=ML01")
    html = source(client, here)
    back, onward = ways_on(html)
    assert (back, onward.partition("?")[0]) == ("/desk/?owed=ML01", there.partition("?")[0])
    action = re.search(r'action="([^"]+/acts/write_off/[^"]*)"', html)[1].replace("&amp;", "&")
    answer = client.post(action, {"evidence": "已回访，确已办好。"}, follow=True)
    shown = answer.content.decode()
    assert "已办理：核实销号" in shown
    assert ways_on(shown)[1].partition("?")[0] == there.partition("?")[0]
    assert {here.partition("?")[0], there.partition("?")[0]} == {
        f"/desk/petitions/{first.number}/",
        f"/desk/petitions/{second.number}/",
    }
    last = source(client, there)
    assert "这一类没有别的要办了。" in words(last), f"{other.number} is owed under another rule"


def test_at_the_end_of_the_list_it_goes_on_with_the_first_that_was_passed_over(city: SimpleNamespace) -> None:
    walk_to(State.ANSWERED)
    walk_to(State.ANSWERED)
    client = reader(city.clerk)
    (first, _title), (second, _other) = lines(client)
    assert ways_on(source(client, second))[1].partition("?")[0] == first.partition("?")[0]


def test_a_fault_in_the_form_keeps_the_way_on(city: SimpleNamespace) -> None:
    walk_to(State.ANSWERED)
    walk_to(State.ANSWERED)
    client = reader(city.clerk)
    (here, _title), _second = lines(client)
    path, _mark, query = here.partition("?")
    answer = client.post(f"{path}acts/write_off/?{query}", {"evidence": ""}, follow=True)
    assert WAY_ON.search(answer.content.decode())


def test_whoever_comes_from_elsewhere_is_offered_no_way_on(city: SimpleNamespace) -> None:
    filed = walk_to(State.ANSWERED)
    assert not WAY_ON.search(source(reader(city.clerk), f"/desk/petitions/{filed.number}/"))


def test_a_place_that_is_none_of_ours_is_refused(city: SimpleNamespace) -> None:
    filed = walk_to(State.ANSWERED)
    assert reader(city.clerk).get(f"/desk/petitions/{filed.number}/?after=x").status_code == 400


def test_those_that_an_act_takes_together_can_be_chosen(city: SimpleNamespace) -> None:
    received, answered = walk_to(State.RECEIVED), walk_to(State.ANSWERED)
    client = reader(city.clerk)
    html = source(client, HOME)
    boxes = re.findall(r'<input type="checkbox" form="bulk-petition" name="number" value="([^"]+)"', html)
    assert boxes == [received.number] and answered.number in html
    answer = client.post("/desk/petitions/bulk/", {"number": boxes, "act": "register"})
    assert "办理 1 件" in words(answer.content.decode())
    assert 'name="number"' not in source(reader(city.handler), HOME)
