"""The whole way of a citizen and of officials with the keyboard alone: on a small screen, in large type, in the dark.

After each step the focus is where the next one begins, and the page says what happened.
"""

from typing import Any

import pytest

from petitions.models import Demand
from tests.browser.test_attachments import PROGRAM, picture
from tests.browser.test_pages import chromium, visit  # noqa: F401
from tests.city import PASSWORD, act, file_petition, walk_to
from tests.keyboard_lab import Keyboard
from tests.responsibility.test_escalations_rest import climb

pytestmark = pytest.mark.browser
SMALL = {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark", "reduced_motion": "reduce"}
TITLE, BODY = "小区电梯停运两周", "三号楼两部电梯都停了，楼里有八十岁的老人。"
WRONG_CODE = "AAAA-BBBB-CCCC-DDDD-EEEE"


class Citizen:
    """Somebody who files a petition and follows it, step by step; each step begins where the last one ended."""

    def __init__(self, visitor: Any, *, script: bool) -> None:
        self.page, self.keys, self.script = visitor.page, Keyboard(visitor.page), script
        self.number = self.code = ""

    def begin(self) -> None:
        """From the home page into large type, and on to the form."""
        keys = self.keys
        self.page.goto("/")
        keys.press("Tab")
        keys.assert_at("link", "跳到正文")
        keys.press("Enter")
        keys.assert_at("main", "您反映的每一件事")
        keys.follow("link", "大字版", back=True)
        keys.assert_at("link", "标准版")
        assert self.page.locator("html[data-size=large]").count() == 1
        keys.follow("link", "反映问题")
        keys.assert_at("page", "您遇到的是哪一种情况？")
        keys.follow("link", "请单位解决我的事")
        keys.assert_at("page", "反映问题")

    def fill(self) -> None:
        """The form, but for the name."""
        keys = self.keys
        keys.choose("请求解决问题（投诉、求助）")
        keys.type("标题", TITLE)
        keys.type("事情经过", BODY)
        self.choose_class()
        keys.pick("问题发生在哪个地方", "试水市")
        keys.type("电话", "13912345678")

    def choose_class(self) -> None:
        keys = self.keys
        if not self.script:
            keys.pick("内容分类", "物业服务")
            return
        keys.to("combobox", "内容分类")
        keys.listen()
        self.page.keyboard.insert_text("物业")
        keys.assert_heard("找到 1 个类别")
        keys.press("ArrowDown")
        assert "物业服务" in self.page.evaluate("document.activeElement.ariaActiveDescendantElement.innerText")
        keys.press("Enter")
        keys.assert_heard("物业服务")
        keys.assert_at("button", "重新选择")

    def correct(self) -> None:
        """The name is missing: the summary leads to it."""
        keys = self.keys
        keys.follow("button", "下一步：核对")
        keys.assert_at("alert", "请填写：姓名")
        assert self.page.title().startswith("请改正：反映问题")
        keys.to("link", "请填写：姓名")
        keys.press("Enter")
        keys.assert_at("textbox", "姓名")
        self.page.keyboard.insert_text("王小明")
        keys.follow("button", "下一步：核对")
        keys.assert_at("page", "核对后提交")

    def check(self) -> None:
        """From the answers back to each, into what can be seen of it; the class is the one that a script rebuilds."""
        keys = self.keys
        for answer, role, name in (
            ("内容分类", "button", "重新选择") if self.script else ("内容分类", "combobox", "内容分类"),
            ("电子邮箱", "textbox", "电子邮箱"),
            ("一共多少人", "spinbutton", "一共多少人"),
        ):
            keys.follow("button", f"更改 {answer}")
            keys.assert_at(role, name)
            keys.follow("button", "下一步：核对")
            keys.assert_at("page", "核对后提交")

    def file(self) -> None:
        keys = self.keys
        keys.to("button", "提交")
        with self.page.expect_navigation(url="**/receipt/"):
            keys.press("Enter")
        keys.assert_sound()
        keys.assert_at("page", "收件回执")
        assert self.page.inner_text("h1") == "已收到您反映的问题"
        self.number, self.code = (self.page.inner_text(f".ticket .{one}") for one in ("number", "code"))

    def save_the_code(self) -> None:
        keys = self.keys
        if self.script:
            keys.listen()
            keys.to("button", "复制编号和查询码")
            keys.press("Enter")
            keys.assert_heard("已复制")
            keys.assert_at("button", "复制编号和查询码")
            assert self.code in self.page.evaluate("navigator.clipboard.readText()")
        keys.unfold("我已保存")
        keys.follow("button", "确定已保存")
        keys.assert_at("status", "您已确认保存查询码")
        assert self.code not in self.page.content()

    def track(self) -> None:
        """First with a wrong code."""
        keys = self.keys
        keys.follow("link", "查询进度")
        for code in (WRONG_CODE, self.code):
            keys.type("编号", self.number)
            keys.type("查询码", code)
            keys.enter()
            if code == WRONG_CODE:
                keys.assert_at("alert", "编号或查询码不对")
                assert self.page.title().startswith("请改正：查询进度")
        keys.assert_at("page", self.number)
        assert self.page.inner_text("h1") == TITLE

    def answer(self, question: str) -> None:
        keys = self.keys
        self.page.reload()
        assert question in self.page.get_by_role("region", name="办理单位请您说明情况").inner_text()
        keys.type("补充说明", "七月一日停的，物业说没有钱修。")
        keys.follow("button", "提交补充情况")
        keys.assert_at("status", "补充情况已经提交")

    def urge(self) -> None:
        keys = self.keys
        keys.unfold("催办")
        keys.follow("button", "确认催办")
        keys.assert_at("status", "已经催办")
        assert "今天已经催办过一次" in self.page.inner_text("main")
        assert self.page.locator("summary", has_text="催办").count() == 0

    def add_files(self) -> None:
        """First one that is refused."""
        keys = self.keys
        keys.hand_in("添加照片或文件", PROGRAM)
        keys.to("button", "添加")
        if self.script:
            keys.listen()
            keys.press("Enter")
            keys.assert_heard("a.exe：只接收照片")
            keys.assert_at("button", "添加照片或文件")
            assert self.page.evaluate("document.activeElement.ariaInvalid") == "true"
            keys.press("Shift+Tab")
        else:
            keys.enter()
            keys.assert_at("page", "有文件没有添加")
            assert "a.exe：只接收照片" in self.page.inner_text("main")
            keys.follow("link", "返回")
        keys.hand_in("添加照片或文件", picture())
        keys.follow("button", "添加")
        keys.assert_at("status", "文件已添加")
        assert self.page.get_by_role("link", name="楼道.jpg").count() == 1

    def rate(self) -> None:
        keys = self.keys
        self.page.reload()
        keys.unfold("评价")
        keys.choose("承办单位")
        keys.choose("基本满意")
        keys.type("说说原因", "说得清楚。")
        keys.follow("button", "提交评价")
        keys.assert_at("status", "评价已经提交")

    def withdraw(self) -> None:
        """First without the tick."""
        keys = self.keys
        keys.unfold("撤回")
        keys.type("撤回的原因", "修好了")
        keys.follow("button", "确认撤回")
        keys.assert_at("alert", "“撤回”没有提交成功")
        assert self.page.title().startswith(f"请改正：{self.number}")
        keys.to("link", "请先勾选")
        keys.press("Enter")
        keys.assert_at("checkbox", "我确定撤回")
        keys.press("Space")
        keys.follow("button", "确认撤回")
        keys.assert_at("status", "已经撤回")
        assert "已撤回" in self.page.get_by_role("region", name="当前状态").inner_text()

    def leave(self) -> None:
        keys = self.keys
        keys.follow("button", "结束查看")
        keys.assert_at("status", "已结束查看")
        self.page.go_back()
        assert self.number not in self.page.inner_text("body")


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.soak)], ids=["script", "plain"])
def test_a_citizen_files_follows_and_withdraws_a_petition_by_keyboard(visit: Any, script: bool) -> None:  # noqa: F811
    visitor = visit(java_script_enabled=script, permissions=["clipboard-read", "clipboard-write"], **SMALL)
    citizen = Citizen(visitor, script=script)
    for step in (
        citizen.begin, citizen.fill, citizen.correct, citizen.check, citizen.file, citizen.save_the_code, citizen.track,
    ):  # fmt: skip
        step()
    demand = Demand.objects.get()
    act(demand, "clerk", "ask", {"question": "电梯是哪一天停的？"})
    citizen.answer("电梯是哪一天停的？")
    citizen.urge()
    citizen.add_files()
    walk_to("answered", type("Filed", (), {"demand": Demand.objects.get()})())
    for step in (citizen.rate, citizen.withdraw, citizen.leave):
        step()
    demand.refresh_from_db()
    assert demand.state == "withdrawn"


class Official:
    """An official on a telephone, from signing in to what the day brings."""

    def __init__(self, visitor: Any) -> None:
        self.page, self.keys = visitor.page, Keyboard(visitor.page)

    def sign_in(self, username: str) -> None:
        """First with a wrong password."""
        self.page.goto("/desk/sign-in/")
        for password in ("wrong", PASSWORD):
            self.keys.type("用户名", username, back=password == "wrong")
            self.keys.type("密码", password)
            self.keys.enter()
            if password == "wrong":
                self.keys.assert_at("alert", "用户名或密码不对")
                assert self.page.title().startswith("请改正：")
        self.keys.assert_at("page", "我的工作")

    def register_one_and_go_to_the_next(self) -> None:
        keys = self.keys
        keys.to("link", "甲事")
        keys.press("ArrowDown")
        keys.assert_at("link", "乙事")
        keys.enter()
        keys.assert_at("page", "乙事")
        keys.follow("button", "确认登记")
        keys.assert_at("status", "已办理：登记")
        keys.follow("link", "下一件：丙事")
        keys.assert_at("page", "丙事")

    def note(self) -> None:
        """First without a word."""
        keys = self.keys
        keys.unfold("写备注")
        keys.follow("button", "保存备注")
        keys.assert_at("alert", "“写备注”没有提交成功")
        assert self.page.title().startswith("请改正：")
        keys.to("link", "请填写：备注")
        keys.press("Enter")
        keys.assert_at("textbox", "备注")
        self.page.keyboard.insert_text("已电话联系。")
        keys.follow("button", "保存备注")
        keys.assert_at("status", "已办理：写备注")

    def read_the_inbox(self) -> None:
        keys = self.keys
        keys.follow("link", "消息")
        keys.assert_at("page", "消息")
        for button, said in (("标为已读 ：", "已标为已读"), ("全部标为已读", "全部消息已标为已读")):
            self.page.reload()
            keys.follow("button", button)
            keys.assert_at("status", said)

    def narrow_the_ledger(self) -> None:
        keys = self.keys
        keys.follow("link", "台账")
        keys.listen()
        keys.pick("状态", "已登记，待转办")
        keys.assert_heard("共 1 件")
        keys.assert_at("combobox", "状态")
        keys.assert_sound()
        keys.follow("link", "去掉“状态：已登记，待转办”")
        assert "共 4 件" in self.page.inner_text("#results")

    def register_several(self) -> None:
        keys = self.keys
        for one in self.page.locator("tbody tr", has_text="待登记").all():
            keys.to("checkbox", f"选择 {one.locator('[name=number]').get_attribute('value')}")
            keys.press("Space")
        keys.follow("button", "批量办理所选", back=True)
        keys.assert_at("page", "批量办理")
        keys.unfold("登记")
        keys.follow("button", "对所选各件登记")
        keys.assert_at("status", "办理 2 件")

    def tell_a_letter(self) -> None:
        keys = self.keys
        keys.follow("link", "告知")
        keys.follow("button", "显示联系方式")
        keys.assert_at("status", "139 0000 0000")
        keys.follow("button", "已经告知")
        keys.assert_at("status", "已记为已告知")
        assert self.page.locator(".tell").count() == 0

    def answer_what_climbed(self) -> None:
        keys = self.keys
        keys.follow("link", "上报给我的")
        keys.follow("button", "签收这 1 件")
        keys.assert_at("status", "已签收 1 件")
        keys.follow("link", "处理")
        keys.type("批示内容", "三日内办结。")
        keys.follow("button", "确认批示")
        keys.assert_at("status", "已办理：批示")


@pytest.mark.soak
def test_officials_do_their_day_by_keyboard(visit: Any) -> None:  # noqa: F811
    for title in ("甲事", "乙事", "丙事"):
        file_petition(title=title)
    walk_to("forwarded", title="丁事", told=False)
    climb(3)
    clerk = Official(visit(**SMALL))
    clerk.sign_in("clerk")
    for step in (
        clerk.register_one_and_go_to_the_next, clerk.note, clerk.read_the_inbox, clerk.narrow_the_ledger,
        clerk.register_several, clerk.tell_a_letter,
    ):  # fmt: skip
        step()
    leader = Official(visit(**SMALL))
    leader.sign_in("leader")
    leader.answer_what_climbed()
