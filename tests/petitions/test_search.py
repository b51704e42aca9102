"""Search: what holds the words is found, and nothing else, by nobody who may not see it."""

import unicodedata
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import log
from citizens.erasure import erase as erasure
from massline import pages
from massline.hanzi import simplified
from petitions.desk.declaration import PETITIONS
from petitions.desk.search import SEARCH
from petitions.models import Demand, State
from records import search
from records.list_pages import narrowed, page_of
from records.search import Search, TooBroad
from records.words import WORD
from tests.api import V1, Api
from tests.city import act, file_petition, walk_to
from tests.reader import reader, source

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "clerk", "chief", "mayor", "secretary", "receiver", "handler", "colleague", "deputy", "leader", "outsider",
    "other_leader", "district_clerk", "district_chief", "district_head", "inspector", "auditor", "sysadmin",
)  # fmt: skip
NAUGHTY = (
    "' OR 1=1 --", "\\", "%", "_", "%%", "''", '"', "$$", "a:*", "!灯", "灯 & 电", "灯 | 电", "(灯", "<->", "{灯}",
    "\ufeff灯", "ﬁ", "İ", "ß", "ς", "e\u0301", "𠮷", "👩‍👩‍👧", "<script>alert(1)</script>", "&lt;",
    "${7*7}", "{{7*7}}", "[灯]",
    "../../etc/passwd", "NULL", "0", "１２３", "Ω≈ç√", "ヽ༼ຈل͜ຈ༽ﾉ", "社會科學院語學研究所", "١٢٣", "\u202etest",
)  # fmt: skip


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def ledger(user: Any, **query: Any) -> str:
    response = signed_in(user).get("/desk/ledger/", query)
    assert response.status_code == 200
    return response.content.decode()


def found(user: Any, typed: str, **query: Any) -> list[str]:
    chosen = narrowed(PETITIONS, user, {"q": typed, **query})
    return [demand.petition.number for demand in page_of(PETITIONS, chosen, {"q": typed}).rows]


def folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).lower())


def says(filed: SimpleNamespace, typed: str) -> bool:
    """The naive oracle: every word stands in one of the texts."""
    p = filed.petition
    said = folded("\n".join((p.title, p.body, p.place, p.wish)))
    words = WORD.findall(unicodedata.normalize("NFKC", typed))
    return bool(words) and all(folded(word) in said for word in words[: search.MAX_WORDS])


# --- What is found ------------------------------------------------------------------------------------------------
LETTERS = st.sampled_from("路灯燈电電梯的小区區立\uf9f7aAbB1２Ｌ，。 \n%_'")
TEXTS = st.text(LETTERS, min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(TEXTS, min_size=1, max_size=6), typed=st.text(LETTERS, min_size=1, max_size=6))
def test_what_holds_the_words_is_found_and_nothing_else(city: SimpleNamespace, said: list[str], typed: str) -> None:
    with transaction.atomic():
        filed = [file_petition(title=text[:9], body=text, place="", wish=text[::-1]) for text in said]
        expected = {each.number for each in filed if says(each, typed) or not typed.strip()}  # no search: all of it
        assert set(found(city.clerk, typed)) == expected, typed
        assert all({each.number} <= set(found(city.clerk, part)) for each, part in parts(filed, said))
        transaction.set_rollback(True)


def parts(filed: list[SimpleNamespace], said: list[str]) -> list[tuple[SimpleNamespace, str]]:
    """Every pair of letters that stands in one of the texts."""
    return [(each, w[n : n + 2]) for each, text in zip(filed, said, strict=True)
            for w in WORD.findall(folded(text)) for n in range(len(w))]  # fmt: skip


def test_words_stand_in_any_of_the_texts_and_all_of_them_must(city: SimpleNamespace) -> None:
    lamp = file_petition(title="楼道照明", body="三单元路灯坏了", place="幸福里", wish="尽快修好")
    lift = file_petition(title="电梯停运", body="三单元电梯停运", place="幸福里", wish="赔偿")
    for typed in ("照明", "路灯坏了", "幸福里 照明", "修", "　照明　尽快 ", "“照明”，（路灯）"):
        assert lamp.number in found(city.clerk, typed), typed
    assert found(city.clerk, "幸福里 停运") == [lift.number]
    assert found(city.clerk, "照明 停运") == []
    assert found(city.clerk, "明照") == [] and found(city.clerk, "了幸") == [], (
        "no word goes from one text into another"
    )
    assert found(city.clerk, "幸福里")[0] == lift.number, "the newest first"


def test_width_and_case_do_not_matter(city: SimpleNamespace) -> None:
    filed = file_petition(title="ＷｉＦｉ信号弱", body="ＡＢＣ１２３号楼")
    for typed in ("wifi", "WIFI", "ｗｉｆｉ信号", "abc123", "c１２"):
        assert found(city.clerk, typed) == [filed.number], typed
    another_coding = file_petition(body="已經設\uf9f7項目")
    assert found(city.clerk, "設立項目") == found(city.clerk, "設\uf9f7項目") == [another_coding.number]


def test_a_text_is_found_in_simplified_and_in_traditional_characters(city: SimpleNamespace) -> None:
    traditional, simple = (
        file_petition(title="噪音擾民", body="樓上裝修"),
        file_petition(title="噪音扰民", body="楼上装修"),
    )
    for typed in ("噪音扰民", "噪音擾民", "扰民", "擾民", "擾", "扰", "楼上装修", "樓上裝修", "楼上裝修"):
        assert found(city.clerk, typed) == [simple.number, traditional.number], typed
        assert found(city.clerk, f"{typed} 噪") == [simple.number, traditional.number], typed
    page = ledger(city.clerk, q="扰民 樓上裝修")
    for said in ("噪音<mark>扰民</mark>", "噪音<mark>擾民</mark>", "<mark>楼上装修</mark>", "<mark>樓上裝修</mark>"):
        assert said in page
    assert found(city.clerk, "颱風") == []


def test_a_sign_is_found_alone_and_among_words(city: SimpleNamespace) -> None:
    works = file_petition(title="🚧路段封闭🚧", body="没有告示")
    angry = file_petition(title="夜间施工", body="吵得睡不着😡👍🏽，孩子也睡不着👩‍👧☎️")
    for typed in ("🚧", "🚧封闭", "封闭 🚧", "🚧🚧路段"):
        assert found(city.clerk, typed) == [works.number], typed
    for typed in ("😡", "施工😡", "👍", "👍🏽", "👍🏿", "👧", "👩‍👧", "☎", "☎️"):
        assert found(city.clerk, typed) == [angry.number], typed
    for typed in ("😀", "🚧😡", "🏽"):
        assert found(city.clerk, typed) == [], typed
    assert "<mark>🚧</mark>路段封闭<mark>🚧</mark>" in ledger(city.clerk, q="🚧")
    page = ledger(city.clerk, q="👍 👧")
    assert "😡<mark>👍🏽</mark>" in page and "<mark>👩‍👧</mark>☎️" in page, "one picture is not taken apart"


def test_a_title_is_found_by_its_pinyin_or_its_initials(city: SimpleNamespace) -> None:
    noise = file_petition(title="夜间噪音扰民", body="重庆路西安巷路灯不亮")
    city_bank = file_petition(title="重慶銀行門前長凳，绿化", body="夜间喧哗")
    for typed in ("zaoyin", "ZaoYin", "zao yin", "zaoyinraomin", "yinrao", "zyrm", "yejian", "yj zaoyin", "ｚａｏyin"):
        hits = [] if typed.startswith("yj") else [noise.number]
        assert found(city.clerk, typed) == hits, typed
    for typed in ("chongqing", "zhongqing", "yinhang", "yinxing", "zqyh", "lvhua", "changdeng", "chongqing yinhang"):
        assert found(city.clerk, typed) == [city_bank.number], typed
    assert found(city.clerk, "zaoyin 路灯") == [noise.number], "other words may stand in any of the texts"
    for typed in ("ludeng", "xian", "zao", "yin", "zy", "zaoyin 喧哗", "raomin zaoyong", "yinmin", "denglv"):
        assert found(city.clerk, typed) == [], typed
    written = file_petition(title="WiFi", body="店名 ZAOYIN")
    assert set(found(city.clerk, "zaoyin")) == {noise.number, written.number}, "or as it is written"
    assert found(city.clerk, "zaoyin wifi") == [written.number]


def test_what_was_heard_is_marked(city: SimpleNamespace) -> None:
    file_petition(title="西安路噪音擾民", body="zaoyin")
    for typed, said in {
        "zaoyin": "西安路<mark>噪音</mark>擾民",
        "zyrm": "西安路<mark>噪音擾民</mark>",
        "xian raomin": "<mark>西安</mark>路噪音<mark>擾民</mark>",
    }.items():
        assert said in ledger(city.clerk, q=typed), typed


def test_a_longer_word_stands_in_one_piece(city: SimpleNamespace) -> None:
    """All pairs of 甲乙甲丙 stand in 甲丙 乙甲 甲乙, the word does not."""
    file_petition(body="甲丙，乙甲，甲乙")
    filed = file_petition(body="有个甲乙甲丙")
    assert found(city.clerk, "甲乙甲丙") == [filed.number]


@pytest.mark.parametrize("typed", NAUGHTY)
def test_whatever_is_typed_is_only_letters(city: SimpleNamespace, typed: str) -> None:
    other, same = file_petition(title="别的事", body="与此无关"), file_petition(title="原样", body=f"前{typed}后")
    expected = [each.number for each in (same, other) if says(each, typed)]
    assert found(city.clerk, typed) == expected
    page = ledger(city.clerk, q=typed)
    assert "<script>alert" not in page and page.count("<mark>") <= 50
    assert Api(city.clerk).get("/petitions/", {"q": typed}).status_code == 200


def test_a_petition_is_found_by_the_beginning_of_its_number(city: SimpleNamespace) -> None:
    old = file_petition(received_at=timezone.now() - timedelta(days=400))
    one = file_petition()
    for length in (8, 10, 11, 13):
        start = one.number[:length]
        assert found(city.clerk, start) == found(city.clerk, start.lower().replace("-", " ")) == [one.number], start
    wide = one.number[:10].translate({ord(str(n)): chr(ord("０") + n) for n in range(10)})
    assert found(city.clerk, wide) == [one.number] and found(city.clerk, old.number[:8]) == [old.number]


def test_a_petition_is_found_by_its_number_or_its_last_digits(city: SimpleNamespace) -> None:
    one, other = file_petition(), file_petition()
    last = one.number[-4:]
    mention = file_petition(body=f"我以前反映过，编号{one.number}，尾号{last}")
    assert found(city.clerk, one.number) == [one.number], "a whole number means that petition"
    assert found(city.clerk, one.number.lower().replace("-", " ")) == [one.number]
    wide = last.translate({ord(str(n)): chr(ord("０") + n) for n in range(10)})
    assert set(found(city.clerk, last)) == set(found(city.clerk, wide)) == {one.number, mention.number}
    assert other.number not in found(city.clerk, last)
    assert found(city.clerk, one.number[-3:]) == [] or mention.number in found(city.clerk, one.number[-3:])


def test_nothing_but_punctuation_finds_nothing(city: SimpleNamespace) -> None:
    file_petition(body="。，%_")
    assert found(city.clerk, "。，") == found(city.clerk, "%") == found(city.clerk, "_") == []


def test_what_was_erased_is_not_found(city: SimpleNamespace) -> None:
    filed = file_petition(title="举止特别", body="独一无二的一句话")
    assert found(city.clerk, "独一无二") == found(city.clerk, "特别") == [filed.number]
    assert found(city.clerk, "juzhitebie") == [filed.number]
    erasure.erase(erasure.numbered(filed.number), log.Actor("user", "auditadmin", "纪录真"), "个人信息保护法第四十七条")
    assert found(city.clerk, "独一无二") == found(city.clerk, "特别") == found(city.clerk, "juzhitebie") == []
    assert found(city.clerk, filed.number) == [filed.number]


# --- Pages, windows, limits ---------------------------------------------------------------------------------------
@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two, at most six rows, and windows of three petitions: every word passes for a common one."""
    monkeypatch.setattr(pages.keyset, "__kwdefaults__", pages.keyset.__kwdefaults__ | {"size": 2})
    monkeypatch.setattr(search, "MAX_RESULTS", 6)
    monkeypatch.setattr(search, "WINDOW", 3)
    monkeypatch.setattr(search, "WIDER", range(2, 5))
    monkeypatch.setattr(Search, "_expected", lambda self, query: 10**6)
    monkeypatch.setattr(search, "FEW", 4)


def walked(user: Any, query: str) -> tuple[list[list[str]], list[list[str]], str]:
    """Pages forward to the end, then back again; and the last page's text."""
    api = Api(user)
    forwards, last, page = [], "", api.get("/petitions/" + query).json()
    while True:
        forwards.append([row["number"] for row in page["results"]])
        if not page["next"]:
            break
        last = page["next"]
        page = api.get("/petitions/?" + last.split("?", 1)[1]).json()
    backwards = [forwards[-1]]
    while page["previous"]:
        page = api.get("/petitions/?" + page["previous"].split("?", 1)[1]).json()
        backwards.append([row["number"] for row in page["results"]])
    return forwards, backwards, last


@pytest.mark.usefixtures("small_pages")
def test_a_common_word_lists_the_newest_and_says_so(city: SimpleNamespace) -> None:
    now = timezone.now()
    filed = [file_petition(title=f"路灯{n}", received_at=now - timedelta(days=n)) for n in range(9)]
    for n in range(9):
        file_petition(title="别的", received_at=now - timedelta(days=n, hours=3))
    newest = [each.number for each in filed][:6]
    forwards, backwards, last = walked(city.clerk, "?q=路灯")
    assert forwards == [newest[0:2], newest[2:4], newest[4:6]]
    assert backwards == forwards[::-1]
    page = signed_in(city.clerk).get("/desk/ledger/?" + last.split("?", 1)[1]).content.decode()
    assert "匹配过多，仅显示最新的 6 件" in page
    first = ledger(city.clerk, q="路灯")
    assert "按收到时间从新到旧" in first and "匹配过多" not in first
    assert "最新的 6 件" not in ledger(city.clerk, q="路灯8"), "one hit is not too many"


@pytest.mark.usefixtures("small_pages")
def test_hits_far_back_are_found_in_order_whatever_lies_before(city: SimpleNamespace) -> None:
    now = timezone.now()
    rare = [file_petition(title="罕见词", received_at=now - timedelta(days=d)).number for d in (1, 40, 41, 90, 300)]
    for d in range(0, 320, 8):
        file_petition(title="平常", received_at=now - timedelta(days=d))
    forwards, backwards, _last = walked(city.clerk, "?q=罕见词")
    assert [n for page in forwards for n in page] == rare
    assert backwards == forwards[::-1]


@pytest.mark.usefixtures("small_pages")
def test_what_others_see_takes_no_place_in_my_newest(city: SimpleNamespace) -> None:
    mine = walk_to(State.HANDLING, title="路灯旧事", received_at=timezone.now() - timedelta(days=30))
    for _again in range(9):
        file_petition(title="路灯新事")
    assert found(city.handler, "路灯") == [mine.number]
    assert "最新的 6 件" not in ledger(city.handler, q="路灯")


@pytest.mark.usefixtures("small_pages")
def test_whoever_sees_few_or_some_of_many_finds_all_of_theirs_in_order(city: SimpleNamespace) -> None:
    """With so few that their texts are read through, and with so many that windows reach ever further back."""
    now = timezone.now()
    for few in (3, 7):
        mine = [
            walk_to(State.HANDLING, title=f"路灯{few}", received_at=now - timedelta(days=few * 10 + d * 3)).number
            for d in range(few)
        ]
        for d in range(0, 90, 2):
            file_petition(title=f"路灯{few}", received_at=now - timedelta(days=d))
        forwards, backwards, _last = walked(city.handler, f"?q=路灯{few}")
        assert [n for page in forwards for n in page] == mine[: search.MAX_RESULTS]
        assert backwards == forwards[::-1]


def test_a_search_that_takes_too_long_says_how_to_go_on(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Search.matching

    def slow(self: Search, rows: Any, *more: Any) -> Any:
        return real(self, rows, *more).extra(where=["pg_sleep(1) IS NOT NULL"])

    file_petition(title="路灯")
    monkeypatch.setattr(search, "SEARCH_TIMEOUT", timedelta(milliseconds=100))
    monkeypatch.setattr(Search, "matching", slow)
    with pytest.raises(TooBroad), transaction.atomic():
        found(city.clerk, "路灯")
    with transaction.atomic():
        assert "请再加一个词" in ledger(city.clerk, q="路灯")
    answer = Api(city.clerk).get("/petitions/", {"q": "路灯"})
    assert answer.status_code == 422 and "q" in answer.json()["errors"]


@pytest.mark.parametrize(("typed", "index"), [("路灯", "petition_bigrams"), ("zaoyin", "petition_sounds")])
def test_the_index_finds_the_hits(city: SimpleNamespace, typed: str, index: str) -> None:
    """It is over the very expression that a search asks for; the hour stands in it too."""
    condition = SEARCH._ways(SEARCH.parse(typed))[-1]
    for way, since in ((condition, None), (("true", []), datetime(2026, 1, 1, tzinfo=None))):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = SEARCH._select([way], since)
            cursor.execute("EXPLAIN " + sql, params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert f"Index Scan on {'petition_' if since else index}" in plan and "Filter:" not in plan


# --- Who finds what -----------------------------------------------------------------------------------------------
def test_everybody_finds_exactly_what_they_see(city: SimpleNamespace) -> None:
    """An oracle over roles: the hits among the rows of the ledger, no more and no fewer."""
    for state in (State.RECEIVED, State.FORWARDED, State.HANDLING, State.ANSWERED, State.CLOSED):
        walk_to(state, title="路灯不亮")
        walk_to(state, title="电梯停运", complained_about=[{"kind": "person", "name": "傅主管", "organ": ""}])
    file_petition(title="路灯不亮", region="990102000000")
    handed_over = walk_to(State.TRANSFERRED, title="举报路灯工程受贿")
    seen_by_somebody: set[str] = set()
    for who in EVERYBODY:
        user = getattr(city, who)
        rows = Demand.objects.for_user(user).select_related("petition")
        for typed in ("路灯", "灯", "路灯不亮", "停运", "受贿", "路灯 受贿"):
            here = {d.petition.number for d in rows if says(SimpleNamespace(petition=d.petition), typed)}
            assert set(found(user, typed)) == here, (who, typed)
            seen_by_somebody |= here
    assert len(seen_by_somebody) == Demand.objects.count() - 1 and handed_over.number not in seen_by_somebody


def test_the_answer_to_a_search_is_the_same_whatever_is_hidden(city: SimpleNamespace) -> None:
    """Words of what was handed over show nowhere: not in hits, not in hints of how many there are."""
    walk_to(State.CLOSED, title="路灯不亮")
    before = [ledger(city.leader, q=typed).split('id="results"')[1] for typed in ("受贿", "路灯", "灯")]
    for _again in range(3):
        walk_to(State.TRANSFERRED, title="举报路灯受贿")
    after = [ledger(city.leader, q=typed).split('id="results"')[1] for typed in ("受贿", "路灯", "灯")]
    assert [cut(text) for text in after] == [cut(text) for text in before]


def cut(text: str) -> str:
    import re

    return re.sub(r'name="(?:csrfmiddlewaretoken|draft)" value="[\w=-]+"', "", text)


def test_searching_and_narrowing_go_together(city: SimpleNamespace) -> None:
    forwarded, received = walk_to(State.FORWARDED, title="路灯"), file_petition(title="路灯")
    assert found(city.clerk, "路灯", state="forwarded") == [forwarded.number]
    assert found(city.clerk, "路灯", state="received") == [received.number]
    assert found(city.clerk, "路灯", organ="department", category="010000") == [forwarded.number]
    act(forwarded.demand, "receiver", "accept")
    assert found(city.clerk, "路灯", state="forwarded") == []


# --- REST, and the caption -----------------------------------------------------------------------------------------
def test_rest_searches_the_same_texts(city: SimpleNamespace) -> None:
    filed = file_petition(title="标题", body="只在正文里的词")
    results = Api(city.clerk).get("/petitions/", {"q": "正文里"}).json()["results"]
    assert [row["number"] for row in results] == [filed.number]
    assert V1


def test_the_caption_says_the_order_of_the_list_and_of_a_search(city: SimpleNamespace) -> None:
    file_petition()
    captions = [source(reader(city.clerk), f"/desk/ledger/{query}") for query in ("", "?q=楼道")]
    assert ["按法定截止日期排列" in html for html in captions] == [True, False]
    assert ["查到的事项，按收到时间从新到旧排列</caption>" in html for html in captions] == [False, True]
