"""Makes petitions and their stories of the themes, spread over ninety days: the same ones for the same seed."""

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
GIVEN = (
    "秀英",
    "建军",
    "桂香",
    "小东",
    "玉兰",
    "国强",
    "丽娟",
    "文涛",
    "春梅",
    "海波",
    "淑芬",
    "志明",
    "婷婷",
    "大勇",
    "雪",
)
OFFICES = {"990102": ("guoxiaoyu", "liushuzhen"), "990105": ("beiyu_xinfang_intake", "beiyu_xinfang_leader")}
"""Clerk and chief of the petition office that serves a district; everywhere else the city's."""
CITY_OFFICE = ("clerk", "chief")
HARD = 0.22
"""The share of petitions that somebody leaves lying: what climbs the ladder."""


def petitions(chance: Callable[..., random.Random]) -> Iterator[dict[str, Any]]:
    """In the form of petitions.toml; `chance` gives each of them chances of its own."""
    hands = city.hands()
    for theme in read(Path(__file__).parent / "themes.toml")["theme"]:
        for n in range(theme["times"]):
            own = chance(theme["organ"], n)
            petition = _written(theme, n, own)
            petition["story"] = _Story(petition, theme, hands[theme["organ"]], own).told()
            yield petition


def _written(theme: dict[str, Any], n: int, chance: random.Random) -> dict[str, Any]:
    words = {"p": chance.choice(theme["places"]), "n": chance.choice(theme["numbers"])}
    variant = n % len(theme["title"])  # title and facts tell of the same thing
    text = [chance.choice(theme["open"]), theme["facts"][variant], chance.choice(theme["wish"])]
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
        "title": theme["title"][variant].format(**words),
        "body": "".join(text[:2]).format(**words),
        "wish": text[2].format(**words),
        "place": words["p"],
        "region": theme["region"],
        "category": theme["category"],
        "purpose": theme.get("purpose", "request"),
        "persons": theme["persons"][n % len(theme["persons"])] if "persons" in theme else 1,
        "petitioner": petitioner,
    }


class _Story:
    """What happened to one petition up to today, step after step."""

    def __init__(self, petition: dict[str, Any], theme: dict[str, Any], who: city.Hands, chance: random.Random) -> None:
        self.chance = chance
        self.day = petition["day"]
        self.theme = theme
        self.who = who
        self.clerk, self.chief = OFFICES.get(theme["region"][:6], CITY_OFFICE)
        self.assigner = who.in_charge_of(theme["category"])
        self.after = 0
        self.steps: list[dict[str, Any]] = []

    def told(self) -> list[dict[str, Any]]:
        """All steps that lie in the past; the last of them is where it stands."""
        plot = self._plot()
        for wait, by, act, data in plot:
            self.after += wait
            if self.after >= self.day:
                break
            self.steps.append({"after": self.after, "hour": self._hour(by), "by": by, "act": act, **data})
        return self.steps

    def _hour(self, by: str) -> int:
        return self.chance.randrange(18, 22) if by == "citizen" else self.chance.randrange(9, 17)

    def _plot(self) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
        """Days to wait, who, which act, with what."""
        chance, hard = self.chance, self.chance.random() < HARD
        stuck = chance.choice(("register", "accept", "assign", "answer", "write_off")) if hard else ""

        def pause(act: str, usual: tuple[int, int]) -> int:
            return chance.randrange(45, 95) if act == stuck else chance.randrange(*usual)

        yield pause("register", (0, 4)), self.clerk, "register", {}
        if self.theme["organ"] == "huapeng" and chance.random() < 0.15:
            yield 3, "citizen", "withdraw", {"reason": "社区已经上门修好了，谢谢，不用再办了。"}
            return
        yield 0, self.clerk, "forward", {"organ": self.theme["organ"]}
        yield pause("accept", (1, 9)), self.who.intake, "accept", {}
        yield pause("assign", (0, 4)), self.assigner, "assign", {"handler": self.who.handler}
        if chance.random() < 0.3:
            yield 2, self.who.handler, "note", {"text": "已电话联系信访人核实情况，约定本周现场查看。"}
        if hard and chance.random() < 0.6:
            yield 12, "citizen", "urge", {}
        elif chance.random() < 0.12:
            yield (
                3,
                self.who.handler,
                "ask",
                {"question": "请问事情发生的具体日期和经手人是谁？有照片或者票据也请一并说明。"},
            )
            yield 2, "citizen", "supplement", {"text": "票据和照片我都留着，经手人我只知道姓，具体日期在收据上。"}
        yield from self._answered(pause)

    def _answered(self, pause: Any) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
        chance = self.chance
        outcome, text = chance.choice(self.theme["answer"])
        answer = {"outcome": outcome, "text": text}
        yield pause("answer", (6, 30)), self.who.handler, "answer", answer
        if chance.random() < 0.12:
            yield 3, self.chief, "return", {"reason": "答复没有写明办理时限和责任人，请补充核实后重新答复。"}
            yield 6, self.who.handler, "answer", answer
        if chance.random() < 0.55:
            pleased = 5 if outcome == "supported" else 3
            rating = self._rating("organ", pleased)
            yield 2, "citizen", "rate", rating
            yield 0, "citizen", "rate", self._rating("petition_office", 5)
            if rating["score"] < 3 and chance.random() < 0.8:
                yield 1, self.who.leader, "look_into", {"text": "已看过材料并与信访人通话，责成本周内补充答复依据。"}
        yield (
            pause("write_off", (2, 8)),
            self.chief,
            "write_off",
            {"evidence": "已回访信访人并查看现场照片、办理凭证，处理意见已落实。"},
        )

    def _rating(self, of: str, usual: int) -> dict[str, Any]:
        score = max(1, min(5, usual + self.chance.choice((-2, -1, 0, 0, 0, 1))))
        reason = "" if score > 2 else "等得太久，答复也没有说到点子上。"
        return {"object": of, "score": score, "reason": reason}
