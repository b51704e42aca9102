"""Nothing typed is lost, in a real browser: whatever comes between typing and sending, the form has every character.

Here each form meets one of the things that come between, and each of those two forms or three; `make soak` has all with
all, with script and without.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from citizens.models import CitizenNotification
from citizens.telling.acts import tell
from massline.acts import perform
from records.importing.mapping import from_toml
from records.importing.pages import address
from records.importing.run import importer_of
from records.importing.starting import create_preview
from records.models import SavedFilter
from responsibility.acts import LEADER_ACTS
from responsibility.desk.escalations import escalated_to
from responsibility.models import Escalation, Organ
from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.city import PASSWORD, act, file_petition, walk_to
from tests.import_lab import GOOD, HEAD, MAPPING
from tests.kinds.lab import paper_kinds, proposable
from tests.responsibility.test_escalations_rest import climbed

pytestmark = pytest.mark.browser
LINE = "“𠮷祥里”3号楼 <b>&amp; 二十三号"
WORDS = f"{LINE}\n夜里十一点以后最响，儿童无法入睡。\n\n　　请尽快查清 % + \\n。"


@dataclass(frozen=True)
class Form:
    """A form on a page, as somebody fills it in."""

    who: str
    """The official; for a citizen's own record its number and code."""
    page: str
    form: str
    typed: dict[str, str]
    meanwhile: Callable[[], Any] | None = None
    """What another does, after which the form is not taken any more."""
    code: str = ""
    opens: Callable[[Any], None] | None = None
    """What somebody presses on the page that leads to the form."""


# --- The forms ----------------------------------------------------------------------------------------------------
def filing() -> Form:
    typed = {"title": LINE, "body": WORDS, "complained-0-name": LINE, "name": "宋试民"}
    return Form("", "/file/matter/", "#main-form", typed)


def own(slug: str, typed: dict[str, str], state: str, meanwhile: Callable[[Any], Any]) -> Form:
    """An act on a citizen's own record."""
    filed = walk_to(state)
    form = f"form[action$='/acts/{slug}/']"
    return Form(filed.number, "/track/own/", form, typed, lambda: meanwhile(filed.demand), filed.code)


def withdraw(demand: Any) -> Any:
    return act(demand, "citizen", "withdraw", {"reason": "问题已经解决，不再反映。"})


def supplement() -> Form:
    return own("supplement", {"text": WORDS}, "handling", withdraw)


def withdrawal() -> Form:
    return own("withdraw", {"reason": WORDS}, "handling", withdraw)


def rating() -> Form:
    def return_it(demand: Any) -> Any:
        return act(demand, "chief", "return", {"reason": "没有说明查实了什么，退回重办。"})

    return own("rate", {"reason": WORDS}, "answered", return_it)


def official(slug: str, typed: dict[str, str]) -> Form:
    demand = walk_to("handling").demand
    page = f"/desk/petitions/{demand.number}/"
    return Form("handler", page, f"form[action='{page}acts/{slug}/']", typed, lambda: withdraw(demand))


def question() -> Form:
    return official("ask", {"question": WORDS})


def answer() -> Form:
    return official("answer", {"text": WORDS})


def note() -> Form:
    page = f"/desk/petitions/{walk_to('handling').demand.number}/"
    return Form("handler", page, f"form[action='{page}acts/note/']", {"text": WORDS})


def entry() -> Form:
    return Form("clerk", "/desk/petitions/new/", "#main-form", {"title": LINE, "body": WORDS, "name": "宋试民"})


def saved_filter() -> Form:
    def take_the_name() -> None:
        with transaction.atomic():
            user = User.objects.get(username="clerk")
            SavedFilter.objects.create(user=user, kind="petition", name=LINE, query="open=true")

    return Form("clerk", "/desk/ledger/?open=true", "form[action$='/saved/']", {"name": LINE}, take_the_name)


def telling() -> Form:
    demand = walk_to("forwarded", told=False).demand
    letter = CitizenNotification.objects.about("petition", demand.pk).get(state="waiting")

    def a_colleague_tells_it() -> None:
        tell(letter.pk, User.objects.get(username="chief"), "phone")

    return Form("clerk", "/desk/letters/", "form[action*='/cannot/']", {"reason": WORDS}, a_colleague_tells_it)


def instruction() -> Form:
    climbed()
    leader = User.objects.get(username="leader")
    pk = escalated_to(leader)[0].pk
    page = reverse("escalation", args=[pk])

    def instruct() -> None:
        perform(LEADER_ACTS["instruct"], Escalation, pk, leader, {"text": "请三日内办结并报告结果。"})

    return Form("leader", page, f"form[action='{page}acts/instruct/']", {"text": WORDS}, instruct)


def settings() -> Form:
    return Form("handler", "/desk/preferences/", "#main-form", {"email": "han.shi+xinfang@example.org"})


def export() -> Form:
    return Form("auditor", "/desk/exports/new/", "#main-form", {"reason": LINE})


def bulk() -> Form:
    """Two petitions are to be forwarded together; the ledger leads there."""
    for title in ("甲事", "乙事"):
        walk_to("registered", file_petition(title=title))

    def choose(page: Any) -> None:
        for box in page.locator("tbody [name=number]").all():
            box.check()
        page.locator("#bulk button:not([name])").click()
        page.wait_for_url("**/desk/petitions/bulk/")

    return Form("clerk", "/desk/ledger/?open=true", "#bulk", {"note": WORDS}, opens=choose)


def upload() -> Form:
    return Form("clerk", "/desk/imports/", "#main-form", {"source": LINE})


def preview() -> Form:
    user = User.objects.get(username="clerk")
    office = Organ.objects.get(code="office").pk
    with transaction.atomic():
        mapping = from_toml(importer_of("petition"), MAPPING)
        job, _sheet = create_preview("petition", [(HEAD + GOOD).encode()], "旧台账.csv", mapping, user, office)
    return Form("clerk", address(job), "#main-form", {"source": LINE})


def paper() -> Form:
    return Form("clerk", "/desk/transfers/new/", "#main-form", {"pages": "37"})


def created() -> Form:
    page = f"/desk/petitions/{walk_to('handling').number}/new/errand/"
    return Form("leader", page, "#main-form", {"title": "去看看 <b>&amp; 楼道"})


def proposal() -> Form:
    page = f"/desk/petitions/{walk_to('handling').number}/propose/errand/"
    return Form("handler", page, "#main-form", {"title": LINE, "words": WORDS, "reason": WORDS})


# --- Typing -------------------------------------------------------------------------------------------------------
class Typist:
    """Somebody in a browser of their own, with a form before them."""

    def __init__(self, visitor: Any, form: Form, *, script: bool) -> None:
        self.page, self.context, self.form, self.script = visitor.page, visitor.context, form, script
        self.page.on("dialog", lambda dialog: dialog.accept())
        if form.code:
            self.open_own()
        elif form.who:
            self._be(form.who)

    def _be(self, who: str) -> None:
        client = Client()
        with transaction.atomic():
            client.force_login(User.objects.get(username=who), "django.contrib.auth.backends.ModelBackend")
        site = {"domain": "127.0.0.1", "path": "/"}
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value} | site])

    def sign_in(self) -> None:
        self.page.fill("[name=username]", self.form.who)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")

    def open_own(self) -> None:
        if not self.page.url.endswith("/track/"):
            self.page.goto("/track/")
        self.page.fill("[name=number]", self.form.who)
        self.page.fill("[name=tracking_code]", self.form.code)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/track/own/")

    def type(self) -> None:
        """Types into a page that was just opened, until it is kept."""
        self.page.goto(self.form.page)
        if self.form.opens:
            self.form.opens(self.page)
        self._unfold()
        if not self.script:
            self._type()
            return
        last = [*self.form.typed.values()][-1]
        with self.page.expect_response(lambda answer: self._keeps(answer.request, last)):
            self._type()

    def _type(self) -> None:
        for name, words in self.form.typed.items():
            self.field(name).fill(words)

    def _keeps(self, request: Any, words: str) -> bool:
        sent = unquote_plus(request.post_data or "").replace("\r\n", "\n")
        return request.url.endswith("/drafts/") and words in sent

    def _unfold(self) -> None:
        around, within = f"details:has({self.form.form})", f"{self.form.form} details"
        for details in reversed(self.page.locator(f"{around}, {within}").all()):
            details.evaluate("one => { one.open = true }")

    def field(self, name: str) -> Any:
        return self.page.locator(self.form.form).first.locator(f"[name='{name}']")

    def send(self) -> None:
        with self.page.expect_navigation():
            self.page.locator(self.form.form).first.evaluate("form => form.requestSubmit()")

    def assert_all_there(self, after: str) -> None:
        for name, words in self.form.typed.items():
            field = self.field(name)
            assert field.is_visible(), (after, name, "is hidden")
            assert field.input_value() == words, (after, name)


# --- What comes between -------------------------------------------------------------------------------------------
def a_reload(typist: Typist) -> None:
    typist.page.reload()
    typist.assert_all_there("a reload")


def another_language(typist: Typist) -> None:
    _redraw(typist, "language", "[data-redraw][name=language]")
    assert typist.page.locator("html").get_attribute("lang") == "en"
    typist.assert_all_there("another language")


def large_type(typist: Typist) -> None:
    _redraw(typist, "size", "a[data-redraw]")
    assert typist.page.locator("html").get_attribute("data-size") == "large"
    typist.assert_all_there("large type")


def _redraw(typist: Typist, what: str, in_head: str) -> None:
    """Presses the button in the head; without script, beside other forms, the one at the end of the form."""
    own = "" if typist.script or typist.form.form == "#main-form" else f"{typist.form.form} "
    with typist.page.expect_navigation():
        typist.page.locator(f"{own}[name=redraw][value^={what}], {'' if own else in_head}".rstrip(", ")).first.click()


def the_session_ends(typist: Typist) -> None:
    typist.context.clear_cookies(name=re.compile("sessionid|tracking"))
    typist.send()
    if typist.form.code:
        typist.open_own()
    elif typist.form.who:
        typist.sign_in()
    typist.assert_all_there("the session's end")


def a_page_too_old(typist: Typist) -> None:
    """Another window signed in meanwhile."""
    site = {"domain": "127.0.0.1", "path": "/"}
    typist.context.add_cookies([{"name": "csrftoken", "value": "x" * 32} | site])
    typist.send()
    typist.assert_all_there("a page that was too old")
    a_reload(typist)


def another_is_quicker(typist: Typist) -> None:
    assert typist.form.meanwhile
    typist.form.meanwhile()
    typist.send()
    values = [field.input_value() for field in typist.page.locator("main textarea, main input").all()]
    shown = typist.page.locator("main dd.lines").all_inner_texts()
    for words in typist.form.typed.values():
        assert words in [*values, *shown], "another was quicker"


BETWEEN = (a_reload, the_session_ends, another_language, a_page_too_old, large_type)


def between(form: Form, build: Callable[[], Form], script: bool) -> list[Callable[[Typist], None]]:
    """Whatever can come between in this form, last what ends it."""
    without = [] if script else [a_reload]
    if build is filing:
        without.append(the_session_ends)  # it has none
    return [one for one in BETWEEN if one not in without] + [another_is_quicker] * bool(form.meanwhile)


def walk(visit: Any, build: Callable[[], Form], *chosen: Callable[[Typist], None], script: bool = True) -> None:  # noqa: F811
    """Fills the form in as often as something comes between: what was `chosen`, or all that can."""
    form = build()
    visitor = visit(java_script_enabled=script)
    typist = Typist(visitor, form, script=script)
    for comes in chosen or between(form, build, script):
        typist.type()
        comes(typist)


WALKS = {
    filing: another_language,
    entry: the_session_ends,
    supplement: the_session_ends,
    question: another_is_quicker,
    rating: large_type,
    answer: a_page_too_old,
    withdrawal: a_reload,
    note: a_reload,
    telling: another_is_quicker,
    instruction: the_session_ends,
    saved_filter: another_language,
    settings: large_type,
    export: a_page_too_old,
}


RARER = (bulk, upload, preview, paper, created, proposal)
"""Forms that few people fill in, for `make soak`; the last two belong to kinds of the tests."""


@pytest.fixture
def papers() -> Iterator[None]:
    with paper_kinds(), proposable(lambda source: Organ.objects.get(code="other")):
        yield


def test_no_form_loses_a_character(visit: Any) -> None:  # noqa: F811
    for build, comes in WALKS.items():
        walk(visit, build, comes)


@pytest.mark.soak
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("build", [*WALKS, *RARER], ids=lambda build: build.__name__)
@pytest.mark.usefixtures("papers")
def test_no_form_loses_a_character_whatever_comes(visit: Any, build: Callable[[], Form], script: bool) -> None:  # noqa: F811
    walk(visit, build, script=script)


@pytest.mark.parametrize("in_head", ["[data-redraw][name=language]", "a[data-redraw]"])
@pytest.mark.parametrize("build", [supplement, question], ids=["own record", "desk"])
def test_without_script_the_head_leaves_a_page_with_several_forms_alone(
    visit: Any,  # noqa: F811
    build: Callable[[], Form],
    in_head: str,
) -> None:
    """They cannot all be sent: the other language, or size, opens beside it."""
    typist = Typist(visit(java_script_enabled=False), build(), script=False)
    typist.type()
    with typist.context.expect_page() as opened:
        typist.page.locator(in_head).click()
    html = opened.value.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("data-size")) in (("en", "normal"), ("zh-Hans", "large"))
    typist.assert_all_there("another page")
