"""Plays the demo's regulations: each is proposed, and goes the way that it has come by real acts at their moments.

What happened long ago is told at once, before the days that the demo plays one by one.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from audit.context import acting, actor_of
from institutions.acts import REGULATION_ACTS, TEXT_ACTS
from institutions.lapsing import lapse_expired
from institutions.models import CONSULTED, Regulation, RegulationText
from institutions.statutes import load
from institutions.wording import write_articles
from massline.acts import perform
from massline.keys import key_of
from massline.time import local_day
from records.articles import Article
from records.creating import create
from records.models import Publication
from records.publishing.acts import PUBLICATION_ACTS
from responsibility.demo import city
from responsibility.demo.files import read
from responsibility.demo.play import DemoError, Play
from responsibility.models import Appointment, Organ
from responsibility.rule_files import numeral

HERE = Path(__file__).parent
LEGAL, SECRECY, LEGAL_ORGAN = "legal", "secrecy", "sifa"
BEGIN = 120
"""So many days before the demo is loaded what happened before is told at once."""
COMMENTS, LASTS = 30, 730
PUBLISH = "publish"
SIGNS = {
    "chengguan": "城管",
    "zhujian": "住建",
    "renshe": "人社",
    "shengtai": "环",
    "jiaoyu": "教",
    "jiaotong": "交",
    "shichang": "市监",
    "xinfang": "信",
    "shi": "委",
}
"""What the numbers of each organ begin with (机关代字)."""
CLEARED = {"result": "public", "grounds": ["secrets", "personal", "cases"]}
WORDS: dict[str, dict[str, Any]] = {
    "open_comment": {"days": COMMENTS, "confirmed": "on"},
    "answer_comments": {"summary": "意见已逐条研究，采纳情况随文公布。"},
    "submit": {"reason": "只涉及内部管理，不涉及群众的权利义务", "confirmed": "on"},
    "check": {"finding": "passed", "opinion": "权限、程序、内容合法，没有增设群众的义务。"},
    "sent_back": {"finding": "back", "opinion": "第二条减损了当事人的权利，没有上位法依据，请修改。"},
    "decide": {"decision": "adopted", "meeting": "局党组会第 12 次会议，应到 7 人，实到 6 人。"},
    "rejected": {
        "decision": "rejected",
        "meeting": "局党组会第 9 次会议，应到 7 人，实到 7 人。",
        "dissent": "一名同志认为可以先试行一年。",
    },
    "withdraw": {"reason": "省里正在统一制定，先行撤回"},
    "drop": {"reason": "省里已统一制定，不再另行制定"},
    "repeal": {"by": "由省级规定取代，经局党组会决定。"},
    "file": {"receipt": "报市政府备案，已收到回执。"},
    "review": {
        "why": "periodic",
        "outcome": "revise",
        "reasons": "期限偏长，群众意见集中。",
        "evidence": "一年来受理 326 件，其中 41 件反映等得太久。",
    },
}
ASKED = (("open_comment", "drafter", 2), (PUBLISH, "drafter", 4), ("answer_comments", "drafter", 50))
UNASKED = (("submit", "drafter", 8),)
CHECK, DECIDE, PROMULGATE = ("check", LEGAL, 58), ("decide", "chief", 65), ("promulgate", "chief", 70)


def plan(play: Play) -> None:
    """Plans the laws from outside, and every regulation."""
    start = play.moment(BEGIN, time(8, 30))
    play.at(start, lambda at: load(Organ.objects.get(code=LEGAL_ORGAN), at))
    for number, told in enumerate(read(HERE / "regulations.toml")["regulation"]):
        _Story(play, told, number).plan(start)


class _Story:
    """The life of one regulation."""

    def __init__(self, play: Play, told: dict[str, Any], number: int) -> None:
        self.play, self.told, self.number, self.hands = play, told, number, city.hands()
        self.regulation: Regulation | None = None

    def plan(self, start: datetime) -> None:
        for act, who, ago in self._steps():
            moment = self.play.on_working_day(self.play.moment(max(ago, 0), time(9 + self.number % 8, self.number * 2)))
            if ago >= 0:
                self.play.at(max(moment, start), lambda _at, act=act, who=who, then=moment: self._do(act, who, then))  # type: ignore[misc]

    # --- What happens, by whom, so many days ago ----------------------------------------------------------------------
    def _steps(self) -> Iterator[tuple[str, str, int]]:
        """Yields the acts of its way."""
        ago, way = self.told["ago"], self.told["way"]
        yield "propose", "drafter", ago
        asked = ASKED if self.told["kind"] in CONSULTED else UNASKED
        for act, who, after in (*asked, *self._to_the_end(way)):
            yield act, who, ago - after
        later = ago - 70
        if way in ("revised", "revising"):
            yield "review", "owner", later - 300
            yield "revise", "drafter", later - 310
        if way == "revised":
            for act, who, after in (*asked, CHECK, DECIDE, PROMULGATE, (PUBLISH, "drafter", 76)):
                yield act, who, later - 312 - after
        elif way == "repealed":
            yield "repeal", "chief", 200
        elif way == "lapsed":
            yield "lapse", "system", later - LASTS - 15

    def _to_the_end(self, way: str) -> Iterator[tuple[str, str, int]]:
        ends: dict[str, tuple[tuple[str, str, int], ...]] = {
            "draft": (),
            "commenting": (),
            "checking": (),
            "sent_back": (("sent_back", LEGAL, 60),),
            "checked": (CHECK,),
            "adopted": (CHECK, DECIDE),
            "rejected": (CHECK, ("rejected", "chief", 68)),
            "dropped": (("withdraw", "chief", 64), ("drop", "chief", 72)),
        }
        yield from ends.get(way, (CHECK, DECIDE, PROMULGATE, (PUBLISH, "drafter", 76), ("file", "drafter", 84)))

    # --- How it is done -----------------------------------------------------------------------------------------------
    def _do(self, act: str, who: str, at: datetime) -> None:
        try:
            if act == "propose":
                self._propose(at)
            elif act == "lapse":
                lapse_expired(at)
            elif act == PUBLISH:
                self._publish(at)
            elif not (act == "file" and self.told["kind"] not in CONSULTED):
                self._perform(act, who, at)
        except Exception as error:
            fault = getattr(error, "errors", None) or getattr(error, "message", error)
            raise DemoError(f"{self.told['title']}, {act} by {who}: {fault}") from error

    def _propose(self, at: datetime) -> None:
        told, drafter = self.told, self._who("drafter")
        data = {
            "title": told["title"],
            "kind": told["kind"],
            "category": told["category"],
            "powers": told["powers"],
            "is_hot_spot": "on" if told.get("hot") else "",
            "owner": self._post("owner"),
            "supervisor": self._post("supervisor"),
            "accountability": f"第{numeral(len(told['articles']) + 1)}条",
            "accountable_organ": "shi",
            "safeguards": "所需经费列入部门预算。",
            "enforced_by": ("clock", "check", "none")[self.number % 3],
            "wording": self._wording(revised=False),
        }
        with acting(actor_of(drafter)):
            self.regulation = create(Regulation.KIND, data, drafter, at=at)

    def _perform(self, act: str, who: str, at: datetime) -> None:
        slug = {"sent_back": "check", "rejected": "decide"}.get(act, act)
        on_text = slug in {one.slug for one in TEXT_ACTS}
        acts, model = (TEXT_ACTS, RegulationText) if on_text else (REGULATION_ACTS, Regulation)
        record = self._text() if on_text else self._regulation()
        given = dict(WORDS.get(act, {}))
        day = local_day(at)
        if act == "promulgate":
            given["document_number"] = f"澜{SIGNS[self.told['organ']]}规〔{day.year}〕{self.number + 1}号"
            given["since"] = (day + timedelta(days=10)).isoformat()
            given["expires"] = (day + timedelta(days=LASTS)).isoformat() if self.told["way"] == "lapsed" else ""
        elif act == "repeal":
            given["since"] = day.isoformat()
        elif act == "revise":
            given["wording"] = self._wording(revised=True)
        perform(acts[slug], model, record.pk, self._who(who), given, at=at)

    def _publish(self, at: datetime) -> None:
        """Publishes the draft that the public is asked about, else the regulation; where it is one for the public."""
        if self.told["kind"] not in CONSULTED:
            return
        text, regulation = self._text(), self._regulation()
        words = {"title": self.told["title"], "wording": write_articles(text.articles or ())}
        acts, record = (TEXT_ACTS, text) if text.state == "commenting" else (REGULATION_ACTS, regulation)
        if record is regulation:
            words |= {"document_number": text.document_number, "in_force_from": str(text.since)}
        perform(acts["propose_publication"], type(record), record.pk, self._who("drafter"), words, at=at)
        made = Publication.objects.about(record.KIND, record.pk).latest("pk")
        perform(PUBLICATION_ACTS["clear"], Publication, made.pk, self.play.people[SECRECY], CLEARED, at=at)

    def _wording(self, *, revised: bool) -> str:
        articles = list(self.told["articles"])
        if revised:
            for place, words in self.told["revised"].items():
                if int(place):
                    articles[int(place) - 1] = words
                else:
                    articles.append(words)
        clause = "违反本文件规定的，由上级机关责令改正；情节严重的，依法依规追究责任。"
        old = len(self.told["articles"])
        articles.insert(old, clause)
        return write_articles(Article("", f"第{numeral(n)}条", words) for n, words in enumerate(articles, 1))

    # --- Who is who ---------------------------------------------------------------------------------------------------
    def _who(self, part: str) -> User:
        hands = self.hands[self.told["organ"]]
        doer = hands.handler or hands.intake
        parts = {
            "drafter": hands.intake or "mayor",
            "owner": doer or "chief",
            "supervisor": next(iter(hands.deputies.values()), "") or (hands.leader if doer else "inspection"),
            "chief": hands.leader if doer else "secretary",
            LEGAL: LEGAL,
        }
        return self.play.people[parts[part]]

    def _post(self, part: str) -> str:
        held = Appointment.objects.on(self.play.today).filter(user=self._who(part), kind="regular").first()
        assert held is not None
        return key_of("post", held.post_id)

    def _regulation(self) -> Regulation:
        assert self.regulation is not None
        return Regulation.objects.select_related("organ").get(pk=self.regulation.pk)

    def _text(self) -> RegulationText:
        found = RegulationText.objects.of(self._regulation()).first()
        assert found is not None
        return found
