"""What citizens meet once they have filed: number and code, the story of their petition, and acts on it."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from citizens.models import Rating
from massline import crypto
from massline.drafts.models import Draft
from massline.keys import key_of
from petitions.models import Demand, Petition, State
from records.models import ActText
from responsibility.models import Notice
from tests.api import Api
from tests.chain_lab import at
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.draft_lab import hidden_fields
from tests.petitions.test_public_pages import FORM, text
from tests.reader import part, tracked, words

pytestmark = pytest.mark.django_db


# --- Tracking -----------------------------------------------------------------------------------------------------
def opened(citizen: Client, number: str, code: str) -> int:
    citizen.cookies.pop("tracking", None)
    return citizen.post("/track/", {"number": number, "tracking_code": code}).status_code


def full_width(typed: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda t: f"  {t} \n",
        lambda t: t.replace("-", ""),
        lambda t: t.replace("-", " "),
        lambda t: " ".join(t),
        lambda t: t.replace("0", "O").replace("1", "l"),
        lambda t: t.replace("0", "o").replace("1", "I").replace("V", "u"),
        full_width,
        lambda t: t.replace("-", "—"),
    ],
)
def test_how_number_and_code_are_typed_is_forgiven(citizen: Client, typed: Any) -> None:
    filed = file_petition()
    assert opened(citizen, typed(filed.number), typed(filed.code)) == 302


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(citizen: Client) -> None:
    filed, other = file_petition(), file_petition()
    pages = set()
    for number, code in ((filed.number, "0" * 20), (filed.number, other.code), ("XF20200101-000001", filed.code)):
        response = citizen.post("/track/", {"number": number, "tracking_code": code})
        assert response.status_code == 404 and "tracking" not in response.cookies
        pages.add(text(response).replace(number, "").replace(code, ""))
    assert len({re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages}) == 1


def test_a_code_that_is_too_short_says_so_whether_there_is_such_a_number_or_not(citizen: Client) -> None:
    for number in (file_petition().number, "XF20200101-000001"):
        page = text(citizen.post("/track/", {"number": number, "tracking_code": "ABCD-EFGH-JKLM-NPQR-STU"}))
        assert "查询码是 20 位，这里有 19 位" in page


def test_a_correct_code_opens_that_petition_for_half_an_hour(citizen: Client) -> None:
    mine, other = walk_to(State.FORWARDED, title="我的事"), file_petition(title="别人的事")
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        response = citizen.post("/track/", {"number": mine.number, "tracking_code": mine.code})
        assert response.cookies["tracking"]["httponly"]
        page = text(citizen.get("/track/own/"))
        assert "我的事" in page and "试水市住房和城乡建设局" in page and "别人的事" not in page
        assert other.number not in page
    with time_machine.travel(start + timedelta(minutes=29, seconds=59), tick=False):
        assert citizen.get("/track/own/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=30, seconds=1), tick=False):
        assert citizen.get("/track/own/").headers["Location"] == "/track/"
        urged = citizen.post("/track/own/acts/urge/")
        assert urged.headers["Location"] == "/track/" and not ActText.objects.filter(act="urge").exists()


SUPPLEMENT = "/track/own/acts/supplement/"


def test_what_was_written_for_longer_than_the_look_lasts_is_not_lost(city: SimpleNamespace, citizen: Client) -> None:
    filed, words = walk_to(State.HANDLING), "写了很久\n的 <b>补充</b> & 情况"
    opened(citizen, filed.number, filed.code)
    sent = hidden_fields(citizen, "/track/own/", SUPPLEMENT) | {"text": words}
    citizen.cookies.pop("tracking")
    asked = citizen.post(SUPPLEMENT, sent, follow=True)
    assert asked.redirect_chain == [("/track/", 302)] and "请重新输入编号和查询码" in text(asked)
    assert "写了很久" not in text(asked), "whose it is, number and code have to say first"
    opened(citizen, filed.number, filed.code)
    back = citizen.get("/track/own/")
    assert "没有提交的内容" in text(back)
    assert re.search(r'id="act-supplement" open>.*?写了很久\n的 &lt;b&gt;补充', back.content.decode(), re.S)
    assert not ActText.objects.filter(kind="supplement").exists()  # shown once more, and theirs to send
    assert citizen.post(SUPPLEMENT, sent).status_code == 302
    assert "没有提交的内容" not in text(citizen.get("/track/own/"))


def test_what_asks_for_no_words_says_too_that_the_look_is_over(city: SimpleNamespace, citizen: Client) -> None:
    filed = walk_to(State.HANDLING)
    opened(citizen, filed.number, filed.code)
    citizen.cookies.pop("tracking")
    asked = citizen.post("/track/own/acts/urge/", follow=True)
    assert asked.redirect_chain == [("/track/", 302)]
    assert "已经过了半小时，“催办”没有办成。请重新输入编号和查询码，查到以后再办一次。" in text(asked)
    again = citizen.get("/track/own/", follow=True)
    assert "查到以后只打开半小时，现在已经关闭。请重新输入编号和查询码。" in text(again)
    assert not AuditEvent.objects.filter(name="petition.urged").exists()


def test_what_was_written_about_one_matter_is_not_offered_with_another(city: SimpleNamespace, citizen: Client) -> None:
    mine, other = walk_to(State.HANDLING), walk_to(State.HANDLING)
    opened(citizen, mine.number, mine.code)
    sent = hidden_fields(citizen, "/track/own/", SUPPLEMENT) | {"text": "只关于第一件"}
    opened(citizen, other.number, other.code)  # in another window of the same browser
    assert citizen.post(SUPPLEMENT, sent)["Location"] == "/track/"
    assert not ActText.objects.filter(kind="supplement").exists(), "nor is it added to the other"
    assert "只关于第一件" not in text(citizen.get("/track/own/"))
    opened(citizen, mine.number, mine.code)
    assert "只关于第一件" in text(citizen.get("/track/own/"))


def test_without_a_cookie_the_text_is_shown_and_stored_nowhere(city: SimpleNamespace, citizen: Client) -> None:
    filed = walk_to(State.HANDLING)
    opened(citizen, filed.number, filed.code)
    sent = hidden_fields(citizen, "/track/own/", SUPPLEMENT) | {"text": "写了很久的补充"}
    citizen.cookies.clear()
    answer = citizen.post(SUPPLEMENT, sent)
    assert answer.status_code == 403 and "写了很久的补充" in text(answer) and not Draft.objects.exists()


def test_an_act_that_an_official_made_impossible_shows_its_text(city: SimpleNamespace, citizen: Client) -> None:
    filed = walk_to(State.RECEIVED)
    opened(citizen, filed.number, filed.code)
    withdraw = "/track/own/acts/withdraw/"
    sent = hidden_fields(citizen, "/track/own/", withdraw) | {"reason": "家里已经商量好了", "sure": "on"}
    act(filed.demand, "clerk", "transfer", {"organ": "other", "pages": 2, "sure": True})
    answer = citizen.post(withdraw, sent)
    assert answer.status_code == 303 and answer["Location"] == "/track/own/#refused-withdraw"
    for _time in range(2):
        page = text(citizen.get("/track/own/"))
        assert "家里已经商量好了" in page and "没有办成" in page


def test_the_look_can_be_ended(citizen: Client) -> None:
    filed = file_petition()
    opened(citizen, filed.number, filed.code)
    citizen.post("/track/own/leave/")
    assert citizen.get("/track/own/").status_code == 302


def test_a_forged_tracking_cookie_opens_nothing(citizen: Client) -> None:
    filed = file_petition()
    for forged in (str(filed.petition.pk), "x" * 3000, crypto.seal_token("receipt", filed.petition.pk)):
        citizen.cookies["tracking"] = forged
        assert citizen.get("/track/own/").status_code == 302


def test_the_petitioner_reads_the_public_story_and_no_inside_of_it(citizen: Client) -> None:
    filed = walk_to(State.CLOSED)
    act(filed.demand, "clerk", "note", {"text": "内部说法不外传"})
    opened(citizen, filed.number, filed.code)
    page = text(citizen.get("/track/own/"))
    for public in ("收到信访事项", "已登记", "已转送", "已受理", "已作出处理意见", "予以销号", "经现场核查，情况属实"):
        assert public in page
    for inside in ("内部说法不外传", "韩办成", "程登记", "责任链", "电话回访"):
        assert inside not in page


def test_going_back_from_the_receipt_and_pressing_once_more_files_nothing(
    city: SimpleNamespace, citizen: Client
) -> None:
    def sent(**more: str) -> Any:
        return citizen.post("/file/", FORM | more)

    assert sent(nonce="a").status_code == sent(nonce="a").status_code == 302  # pressed twice: one petition, one receipt
    back = sent(nonce="b")  # the page was fetched anew, with what had been typed
    assert back.status_code == 409 and "刚才已经提交成功" in text(back) and 'href="/receipt/"' in back.content.decode()
    assert FORM["title"] in back.content.decode() and Petition.objects.count() == 1
    nonce = re.findall(r'name="nonce" value="(\w+)"', back.content.decode())[0]
    assert sent(nonce=nonce, again="1").status_code == 302 and Petition.objects.count() == 2  # meant so
    assert sent(nonce="c", title="另一件事").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert sent(nonce="d", title="另一件事").status_code == 302


# --- Acts of the petitioner ---------------------------------------------------------------------------------------
def test_supplement_urge_and_withdraw(city: SimpleNamespace, citizen: Client) -> None:
    filed = walk_to(State.HANDLING)
    opened(citizen, filed.number, filed.code)
    assert citizen.post("/track/own/acts/supplement/", {"text": "  "}).status_code == 422
    assert citizen.post("/track/own/acts/supplement/", {"text": "又坏了一盏"}).status_code == 302
    assert citizen.post("/track/own/acts/urge/").status_code == 302
    page = text(citizen.get("/track/own/"))
    assert "又坏了一盏" in page and "信访人催办" in page
    handler = Client()
    handler.force_login(city.handler, "django.contrib.auth.backends.ModelBackend")
    inbox = text(handler.get("/desk/inbox/"))
    assert inbox.count(filed.number) >= 3 and "信访人催办" in inbox and "信访人补充材料" in inbox
    for faulty in ({"sure": "on"}, {"reason": "修好了"}):
        back = citizen.post("/track/own/acts/withdraw/", faulty)
        assert back.status_code == 422 and "“撤回”没有提交成功" in text(back) and 'name="sure"' in text(back)
    assert Demand.objects.get(pk=filed.demand.pk).state == State.HANDLING, "it cannot be undone, so it is confirmed"
    assert citizen.post("/track/own/acts/withdraw/", {"reason": "修好了", "sure": "on"}).status_code == 302
    assert Demand.objects.get(pk=filed.demand.pk).state == State.WITHDRAWN
    gone = citizen.post("/track/own/acts/urge/")
    assert gone.status_code == 409 and filed.number in text(gone)
    assert 'action="/track/own/acts/' not in text(gone)


@pytest.mark.parametrize(
    ("slug", "data", "said"),
    [
        ("supplement", {"text": "又坏了一盏"}, "补充情况已经提交"),
        ("urge", {}, "已经催办，"),
        ("rate", {"object": "organ", "score": "5"}, "评价已经提交"),
        ("withdraw", {"reason": "修好了", "sure": "on"}, "已经撤回"),
    ],
)
def test_the_page_says_what_the_petitioner_has_just_done(
    citizen: Client, slug: str, data: dict[str, str], said: str
) -> None:
    filed = walk_to(State.ANSWERED if slug == "rate" else State.HANDLING)
    opened(citizen, filed.number, filed.code)
    page = citizen.post(f"/track/own/acts/{slug}/", data, follow=True).content.decode()
    assert re.search(rf'<p class="note good" role="status" tabindex="-1" autofocus>{said}', page)
    assert said not in text(citizen.get("/track/own/"))


@pytest.mark.parametrize(
    ("slug", "data", "other"),
    [
        ("supplement", {"text": "又坏了一盏\r\n在二楼"}, {"text": "又坏了一盏"}),
        ("urge", {}, None),
    ],
)
def test_an_act_sent_twice_within_a_minute_is_done_once(
    citizen: Client, slug: str, data: dict[str, str], other: dict[str, str] | None
) -> None:
    filed = walk_to(State.HANDLING)
    opened(citizen, filed.number, filed.code)
    done = AuditEvent.objects.filter(subject_key=filed.number, facts__act=slug)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        first, second = (citizen.post(f"/track/own/acts/{slug}/", data, follow=True) for _ in range(2))
        assert (note := re.findall(r'<p class="note good".*?</p>', first.content.decode()))
        assert re.findall(r'<p class="note good".*?</p>', second.content.decode()) == note
        assert done.count() == 1
        if other:
            citizen.post(f"/track/own/acts/{slug}/", other)
            assert done.count() == 2, "other words are no repeat"


def test_a_day_has_one_urging_and_the_page_says_from_when_there_may_be_another(
    city: SimpleNamespace, citizen: Client
) -> None:
    """The day is Shanghai's: it begins at 16:00 of the day before in UTC."""
    filed, urge = walk_to(State.HANDLING), "/track/own/acts/urge/"
    said = "今天已经催办过一次，2026年11月25日起可以再次催办。"
    done = AuditEvent.objects.filter(subject_key=filed.number, facts__act="urge")
    with at("2026-11-24 00:01"):
        opened(citizen, filed.number, filed.code)
        before = text(citizen.get("/track/own/"))
        assert "每天可以催办一次" in before and "撤回以后，这件事不再办理" in before, "said before they press"
        assert citizen.post(urge).status_code == 302
    with at("2026-11-24 23:59"):
        opened(citizen, filed.number, filed.code)
        page = text(citizen.get("/track/own/"))
        assert said in page and f'action="{urge}"' not in page
        refused = citizen.post(urge)
        assert refused.status_code == 409 and refused.content.decode().count(said) == 2
        assert done.count() == 1
    with at("2026-11-25 00:00"):
        opened(citizen, filed.number, filed.code)
        assert f'action="{urge}"' in text(citizen.get("/track/own/"))
        assert citizen.post(urge).status_code == 302 and done.count() == 2


def test_pressing_often_leaves_one_unread_notice(city: SimpleNamespace, citizen: Client) -> None:
    """Every word is on record; the inbox of whoever handles it is not buried under them."""
    filed = walk_to(State.HANDLING)
    opened(citizen, filed.number, filed.code)
    for n in range(3):
        assert citizen.post("/track/own/acts/supplement/", {"text": f"第 {n} 天还没修"}).status_code == 302
    assert text(citizen.get("/track/own/")).count("天还没修") == 3
    mine = Notice.objects.filter(recipient=city.handler, subject_key=filed.number, kind="petition.supplemented")
    handler = Client()
    handler.force_login(city.handler, "django.contrib.auth.backends.ModelBackend")
    handler.post(f"/desk/inbox/{key_of('notice', mine.get().pk)}/")
    citizen.post("/track/own/acts/supplement/", {"text": "还没修"})
    assert mine.filter(read_at=None).count() == 1


def test_office_and_organ_are_rated_apart_and_a_later_rating_replaces(citizen: Client) -> None:
    filed = walk_to(State.CLOSED)
    opened(citizen, filed.number, filed.code)
    rate = "/track/own/acts/rate/"
    for data in ({}, {"object": "organ"}, {"object": "organ", "score": "0"}, {"object": "organ", "score": "6"},
                 {"object": "nobody", "score": "1"}, {"object": "organ", "score": "五"}):  # fmt: skip
        assert citizen.post(rate, data).status_code == 422
    assert citizen.post(rate, {"object": "organ", "score": "2", "reason": "拖了很久"}).status_code == 302
    assert citizen.post(rate, {"object": "organ", "score": "4"}).status_code == 302
    assert citizen.post(rate, {"object": "petition_office", "score": "5"}).status_code == 302
    found = Rating.objects.order_by("object").values_list("organ__name", "score")
    assert list(found) == [("试水市住房和城乡建设局", 4), ("试水市信访局", 5)]


def test_the_petitioner_reads_their_last_rating_of_each_object(citizen: Client) -> None:
    filed = walk_to(State.CLOSED)
    opened(citizen, filed.number, filed.code)
    assert "您的评价" not in text(citizen.get("/track/own/"))
    for data in ({"object": "organ", "score": "1", "reason": "拖了很久"},
                 {"object": "organ", "score": "4", "reason": "后来修好了"},
                 {"object": "petition_office", "score": "3"}):  # fmt: skip
        citizen.post("/track/own/acts/rate/", data)
    seen = words(citizen.get("/track/own/").content.decode())
    own = seen[seen.index("您的评价") :]
    assert re.search("承办单位 满意 后来修好了 .*信访部门 基本满意 ", own) and "拖了很久" not in own


def test_a_question_is_answered_by_a_supplement_above_the_words_as_filed(citizen: Client) -> None:
    filed = walk_to(State.HANDLING, place="三单元", wish="请尽快修好")
    act(filed.demand, "handler", "ask", {"question": "是哪一单元的灯？"})
    opened(citizen, filed.number, filed.code)
    seen = words(citizen.get("/track/own/").content.decode())
    assert re.search("办理单位请您说明情况 是哪一单元的灯？ .*补充说明 提交补充情况 .*正在办理", seen)
    assert re.search(f"您反映的内容 标题 {filed.petition.title} 事情经过 .* 具体地点 三单元 您的诉求 请尽快修好", seen)


REMEDY = r'<div class="note"><h3>.*?</div>'


@pytest.mark.parametrize(
    ("told", "read", "said"),
    [
        (None, "2026-09-17", "收到书面答复之日起 30 日内"),
        ("2026-09-16 23:30", "2026-09-17", "最迟 2026年10月16日 · 还有 29 天 依据"),
        ("2026-09-03 10:00", "2026-10-03", "最迟 2026年10月3日 · 今天到期 最后一天遇节假日，依法顺延至 2026年10月8日"),
        ("2026-09-03 10:00", "2026-10-09", "申请复查的期限已经届满："),
    ],
)
def test_the_remedy_says_until_which_day_and_to_whom(
    city: SimpleNamespace, citizen: Client, told: str | None, read: str, said: str
) -> None:
    with at("2026-09-01 09:00"):
        filed = walk_to(State.ANSWERED, told=False)
    if told:
        with at(told):
            tell_all(filed.demand)
    with at(f"{read} 12:00"):
        seen = words(tracked(filed))
    assert said in seen and "向谁提出： 中共试水市委、试水市人民政府 （上一级机关、单位）" in seen
    assert "《信访工作条例》第三十五条" in seen


def test_the_day_of_an_opinion_that_was_returned_is_not_that_of_the_next(city: SimpleNamespace) -> None:
    filed = walk_to(State.ANSWERED)
    assert "最迟" in part(tracked(filed), REMEDY)
    act(filed.demand, "chief", "return", {"reason": "未见现场照片"})
    assert "可以申请复查" not in tracked(filed)
    act(filed.demand, "handler", "answer", ANSWER | {"text": "已经补拍。"})
    assert "收到书面答复之日起 30 日内" in part(tracked(filed), REMEDY)


# --- Withdrawn after an answer ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("last", "stands"), [("answered", True), ("returned", False), ("answered again", True)])
def test_an_answer_that_was_returned_stays_so_when_the_petitioner_withdraws(
    city: SimpleNamespace, last: str, stands: bool
) -> None:
    """Only an opinion that stands can be taken to a review within thirty days (第三十五条)."""
    filed = walk_to(State.ANSWERED)
    if last != "answered":
        act(filed.demand, "chief", "return", {"reason": "未见现场照片"})
    if last == "answered again":
        act(filed.demand, "handler", "answer", ANSWER | {"text": "已经补拍。"})
    act(filed.demand, "citizen", "withdraw", {"reason": "不再追究"})
    seen = words(tracked(filed))
    assert ("书面答复 予以支持" in seen) is stands and ("可以申请复查" in seen) is stands
    assert seen.count("这份答复经核实已退回，由承办单位重新办理。") == (last != "answered")
    shown = Api(city.chief).get(f"/petitions/{filed.number}/").json()["answers"]
    assert [one["returned"] for one in shown] == [not stands, True][: len(shown)]
