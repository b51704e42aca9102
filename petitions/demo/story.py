"""Plays the demo's petitions: files each at its moment, and performs the acts of its story."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from audit.context import acting, actor_of
from citizens.citizen import Citizen
from citizens.demo import Tellers
from massline.acts import perform
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.demo import grow
from petitions.filing import filing
from petitions.filing.forms import ClerkFilingForm, FilingForm
from petitions.models import Channel, Demand
from petitions.transfers.acts import TRANSFER_ACTS
from petitions.transfers.models import Transfer
from responsibility.demo.files import read
from responsibility.demo.play import DemoError, Play

HERE = Path(__file__).parent
APART = timedelta(minutes=7)
"""The least time between two steps of one petition."""
JUST_NOW = timedelta(minutes=2)
MINUTES = (4, 17, 26, 33, 41, 52, 9, 48, 21, 37)
NOT_FIELDS = {"after", "hour", "by", "act"}
"""The keys of a step that are no fields of its act."""


def written() -> list[dict[str, Any]]:
    return read(HERE / "petitions.toml")["petition"]


def plan(play: Play) -> None:
    """Plans every filing; what follows is planned when it has been filed."""
    tellers = Tellers(play)
    answers = defaultdict(list)
    for answer in read(HERE / "leaders.toml")["answer"]:
        answers[answer["petition"]].append({name: value for name, value in answer.items() if name != "petition"})
    for number, petition in enumerate([*written(), *grow.petitions(play.chance)]):
        _Petition(play, tellers, petition, answers[petition["title"]]).plan(MINUTES[number % len(MINUTES)])


class _Petition:
    """One petition, in the form of petitions.toml, and its acts."""

    def __init__(self, play: Play, tellers: Tellers, told: dict[str, Any], answers: list[dict[str, Any]]) -> None:
        self.play = play
        self.tellers = tellers
        self.told = told
        self.answers = answers
        self.steps: list[dict[str, Any]] = told.get("story", [])

    def plan(self, minute: int) -> None:
        filed, *moments = self._moments(minute)
        self.play.at(filed, lambda at: self._file(at, moments))

    def _moments(self, minute: int) -> list[datetime]:
        """Returns the moments of the filing and of each step. A moment that the file puts after now is moved to just
        before now."""
        play, day = self.play, self.told["day"]
        moments = [play.moment(day, time(self.told["hour"], minute))]
        for order, step in enumerate(self.steps):
            moment = play.moment(day - step["after"], time(step["hour"], (minute + 13 * order) % 60))
            if step["by"] != "citizen":
                moment = play.on_working_day(moment)
            moments.append(max(moment, moments[-1] + APART))
        latest = play.now - JUST_NOW
        if moments[-1] > latest:
            moments = [min(moment, latest - APART * (len(self.steps) - n)) for n, moment in enumerate(moments)]
        return moments

    def _file(self, at: datetime, moments: list[datetime]) -> None:
        channel = self.told["channel"]
        form_class = FilingForm if channel == Channel.WEB else ClerkFilingForm
        form = form_class({**self.told, **self.told["petitioner"]})
        if not form.is_valid():
            raise DemoError(f"{self.told['title']}: {form.errors.as_json(escape_html=False)}")
        lists = {name: self.told.get(name, []) for name in ("complained_about", "representatives")}
        by = None if channel == Channel.WEB else self.play.people["clerk"]
        with acting(actor_of(by)):
            filed = filing.file({**form.cleaned_data, **lists}, channel=channel, received_at=at, actor=by)
        self.play.leaders.will_answer(filed.number, self.answers)
        demand = Demand.objects.get(petition=filed.filing.pk)
        for step, moment in zip(self.steps, moments, strict=True):
            self.play.at(moment, lambda then, step=step: self._step(demand, step, then))  # type: ignore[misc]

    def _step(self, demand: Demand, step: dict[str, Any], at: datetime) -> None:
        try:
            self._act(demand, step, at)
        except Exception as error:
            fault = getattr(error, "errors", None) or getattr(error, "message", error)
            raise DemoError(f"{self.told['title']}, {step['act']} by {step['by']}: {fault}") from error
        self.tellers.plan(demand, at)

    def _act(self, demand: Demand, step: dict[str, Any], at: datetime) -> None:
        data = {name: value for name, value in step.items() if name not in NOT_FIELDS}
        if step["act"] == "receipt":  # for an accusation that was handed over
            line = Transfer.objects.get(demand=demand.pk)
            data["receipt_on"] = at.date()
            perform(TRANSFER_ACTS["receipt"], Transfer, line.pk, self.play.people[step["by"]], data, at=at)
        elif step["by"] == "citizen":
            perform(CITIZEN_ACTS[step["act"]], Demand, demand.pk, Citizen(demand.petition_id), data, at=at)
        else:
            if step["act"] == "register":
                data = {name: self.told[name] for name in ("category", "region", "purpose")} | data
            perform(OFFICIAL_ACTS[step["act"]], Demand, demand.pk, self.play.people[step["by"]], data, at=at)
