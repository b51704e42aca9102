"""Generates petitions and their stories from themes, over ninety days; the same seed gives the same petitions."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from responsibility.demo import city
from responsibility.demo.files import read

DAYS = 90
CHANNELS = ("web",) * 7 + ("letter", "visit", "phone")
TELL_BY = ("sms", "sms", "phone", "email", "letter")
FAMILY = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜戚谢邹喻柏窦苏潘葛范彭郎"
GIVEN = "秀英 建军 桂香 小东 玉兰 国强 丽娟 文涛 春梅 海波 淑芬 志明 婷婷 大勇 雪".split()
OFFICES = {"990102": ("guoxiaoyu", "liushuzhen"), "990105": ("beiyu_xinfang_intake", "beiyu_xinfang_leader")}
"""The clerk and the chief of the petition office of a district; every other place is served by the city's."""
CITY_OFFICE = ("clerk", "chief")
STUCK_SHARE = 0.22
"""The share of petitions that an official leaves lying, so that they climb the ladder."""
VERIFIED = {
    "supported": "已回访信访人并查看现场照片、办理凭证，处理意见已落实。",
    "explained": "已回访信访人，处理意见和依据已当面说明，后续办理情况已核对。",
    "not_supported": "已回访信访人，不予支持的理由和救济途径已当面说明，帮扶措施已核对。",
}
"""The evidence of a write-off, by the outcome."""

Plot = Iterator[tuple[int, str, str, dict[str, Any]]]
"""The steps of a story: days to wait, the actor, the act, its input."""


def petitions(chance: Callable[..., random.Random]) -> Iterator[dict[str, Any]]:
    """Yields petitions in the form of petitions.toml; `chance` gives each its own random numbers."""
    hands = city.hands()
    for theme in read(Path(__file__).parent / "themes.toml")["theme"]:
        for n in range(theme["times"]):
            case = theme | theme["case"][n % len(theme["case"])]
            own = chance(theme["organ"], n)
            petition = _written(case, n, own)
            petition["story"] = _Story(petition, case, hands[theme["organ"]], own).told()
            yield petition


def _written(case: dict[str, Any], n: int, chance: random.Random) -> dict[str, Any]:
    words = {"p": chance.choice(case["places"]), "n": chance.choice(case["numbers"])}
    tell_by = chance.choice(TELL_BY)
    petitioner = {
        "name": chance.choice(FAMILY) + chance.choice(GIVEN),
        "phone": f"139{chance.randrange(10**8):08d}",
        "tell_by": tell_by,
        "email": f"demo{chance.randrange(10**6)}@example.org" if tell_by == "email" else "",
        "address": words["p"] + "附近" if tell_by == "letter" else "",
    }
    return {
        "day": chance.randrange(DAYS + 1),
        "hour": chance.randrange(8, 22),
        "channel": chance.choice(CHANNELS),
        "title": case["title"].format(**words),
        "body": case["text"].format(**words),
        "wish": case["wish"].format(**words),
        "place": words["p"],
        "region": case["region"],
        "category": case["category"],
        "purpose": case.get("purpose", "request"),
        "persons": case["persons"][n % len(case["persons"])] if "persons" in case else 1,
        "petitioner": petitioner,
    }


class _Story:
    """The story of one petition up to today, step by step."""

    def __init__(self, petition: dict[str, Any], case: dict[str, Any], who: city.Hands, chance: random.Random) -> None:
        self.chance = chance
        self.day = petition["day"]
        self.case = case
        self.who = who
        self.clerk, self.chief = OFFICES.get(case["region"][:6], CITY_OFFICE)
        self.gets_stuck = chance.random() < STUCK_SHARE
        acts = ("register", "accept", "assign", "answer", "write_off")
        self.stuck = chance.choice(acts) if self.gets_stuck else ""

    def told(self) -> list[dict[str, Any]]:
        """Returns the steps that lie in the past; the last one gives the state that the petition has reached."""
        after = 0
        steps: list[dict[str, Any]] = []
        for wait, by, act, data in self._plot():
            after += wait
            if after >= self.day:
                break
            steps.append({"after": after, "hour": self._hour(by), "by": by, "act": act, **data})
        return steps

    def _hour(self, by: str) -> int:
        return self.chance.randrange(18, 22) if by == "citizen" else self.chance.randrange(9, 17)

    def _pause(self, act: str, usual: tuple[int, int]) -> int:
        return self.chance.randrange(45, 95) if act == self.stuck else self.chance.randrange(*usual)

    def _plot(self) -> Plot:
        chance, who = self.chance, self.who
        yield self._pause("register", (0, 4)), self.clerk, "register", {}
        if "thanks" in self.case and chance.random() < 0.15:
            yield 3, "citizen", "withdraw", {"reason": self.case["thanks"]}
            return
        yield 0, self.clerk, "forward", {"organ": self.case["organ"]}
        yield self._pause("accept", (1, 9)), who.intake, "accept", {}
        assigner = who.in_charge_of(self.case["category"])
        yield self._pause("assign", (0, 4)), assigner, "assign", {"handler": who.handler}
        if chance.random() < 0.3:
            yield 2, who.handler, "note", {"text": "已电话联系信访人核实情况，本周内派人核查。"}
        if self.gets_stuck and chance.random() < 0.6:
            yield 12, "citizen", "urge", {}
        elif chance.random() < 0.12:
            yield 3, who.handler, "ask", {"question": "请问事情从哪天开始、找过哪些人？有照片或者单据也请一并说明。"}
            yield 2, "citizen", "supplement", {"text": "照片和单据我都留着，找过的人我只知道姓，日期在单据上。"}
        yield from self._answered()

    def _answered(self) -> Plot:
        chance, who = self.chance, self.who
        outcome, text = chance.choice(self.case["answer"])
        yield self._pause("answer", (6, 30)), who.handler, "answer", {"outcome": outcome, "text": text}
        if chance.random() < 0.12:
            yield 3, self.chief, "return", {"reason": "答复没有写明办理时限和责任人，请补充核实后重新答复。"}
            more = f"{text}本件由我单位分管负责同志负责，办理进展每十日向您通报一次。"
            yield 6, who.handler, "answer", {"outcome": outcome, "text": more}
        if chance.random() < 0.55:
            rating = self._rating("organ", 5 if outcome == "supported" else 3)
            yield 2, "citizen", "rate", rating
            yield 0, "citizen", "rate", self._rating("petition_office", 5)
            if rating["score"] < 3 and chance.random() < 0.8:
                yield 1, who.leader, "look_into", {"text": "已看过材料并与信访人通话，责成本周内补充答复依据。"}
        yield self._pause("write_off", (2, 8)), self.chief, "write_off", {"evidence": VERIFIED[outcome]}

    def _rating(self, of: str, usual: int) -> dict[str, Any]:
        score = max(1, min(5, usual + self.chance.choice((-2, -1, 0, 0, 0, 1))))
        reason = "" if score > 2 else "等得太久，答复也没有说到点子上。"
        return {"object": of, "score": score, "reason": reason}
