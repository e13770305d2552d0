"""From a form on the website to the credit, as everybody in it reads it: word by word, in both languages, and counted.

The transcripts beside it are what this holds the bot to; `BATON_TEST_TRANSCRIPTS=1` writes them anew.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.access.roles import Role
from bot.people import queries as people
from bot.people.model import Aspect
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import settle
from tests.wire import inlet
from tests.wire.moved_clock import MovedClock
from tests.wire.team import PATIENCE, Shown
from tests.wire.transcript import Transcript

HERE, BERLIN = "T0BATON", ZoneInfo("Europe/Berlin")
TRANSCRIPTS = Path(__file__).parent / "transcripts"
ROLES = {
    "U0ANA": Role.MRR,
    "U0DEVON": Role.AE,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
    "U0LENA": Role.MARKETING,
}
ZONES = {"U0DEVON": "Europe/London", "U0OLGA": "Europe/Moscow"}
TURNS = {"weights": {"U0DEVON": 4, "U0DANA": 2, "U0OLGA": 1}}
"""Of equal loads the heavier has the first turn: who is asked does not fall by lot."""

ENGLISH = {
    "said": "We would like a demo before Christmas",
    "log": "/log call Acme Robotics 15m connected - the budget is approved",
    "handoff": "Hand off",
    "sources": "/lead sources",
    "away": "/team away until fri",
    "call": "/log call Acme Robotics 20m connected",
    "lead": "/lead Acme Robotics",
    "why": "/lead why Acme Robotics",
    "list": "/handoff list",
    "claim": "Claim",
    "accept": "Accept",
    "qualified": "Qualified",
    "budget": "50k, approved",
    "need": "Robots stand still two hours a day",
}
RUSSIAN = {
    "said": "Хотим демо до Рождества",
    "log": "/log звонок Acme Robotics 15м дозвонился - бюджет согласован",
    "handoff": "Передать",
    "sources": "/lead источники",
    "away": "/team отсутствую до пт",
    "call": "/log звонок Acme Robotics 20м дозвонился",
    "lead": "/lead Acme Robotics",
    "why": "/lead почему Acme Robotics",
    "list": "/handoff список",
    "claim": "Взять",
    "accept": "Принять",
    "qualified": "Подтверждён",
    "budget": "50 тысяч, согласован",
    "need": "Роботы простаивают два часа в день",
}
LANGUAGES: Mapping[str, tuple[str, Mapping[str, str]]] = {"en": ("en-GB", ENGLISH), "ru": ("ru-RU", RUSSIAN)}


def at(hour: str) -> datetime:
    """This hour of the story's Wednesday on the wall in Berlin, in UTC."""
    return datetime.fromisoformat(f"2026-11-18T{hour}").replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Stage:
    """A workspace whose clock the story holds."""

    workspace: Workspace
    clock: MovedClock
    said: Mapping[str, str]
    language: str


@pytest.fixture(scope="module", params=[("en", *CORNERS[0]), ("ru", *CORNERS[1])], ids="-".join)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    language, mode, database = request.param
    folder = tmp_path_factory.mktemp(f"story-{language}")
    clock = MovedClock(folder / "clock", at("09:30"))
    environment: dict[str, Any] = {**clock.settings, "BATON_WEBHOOK_SECRET": inlet.SECRET}
    for workspace in start_workspace(request, folder, mode, database, **environment):
        locale, said = LANGUAGES[language]
        for person in ROLES:
            changes = {"tz": ZONES[person]} if person in ZONES else {}
            workspace.team.changes_user(person, locale=locale, **changes)
            until_known(workspace, person, locale)
        settings: dict[str, Any] = {Setting.HANDOFFS_CHANNEL: "C0HANDOFFS", Setting.ROUTING: TURNS}
        settle(workspace, ROLES, settings, aspects={Aspect.COUNTRY: "DE"}, since=date(2026, 11, 2), now=clock.now)
        yield Stage(workspace, clock, said, language)


def until_known(workspace: Workspace, person: str, locale: str) -> None:
    """Wait until Baton has heard how somebody reads."""
    with closing(workspace.store()) as store:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with store.read() as tx:
                actor = people.actor(tx, HERE, person, datetime.now(UTC))
            if actor and (actor.language, str(actor.zone)) == (locale[:2], ZONES.get(person, str(actor.zone))):
                return
            time.sleep(0.05)
    raise AssertionError(f"{person} is not known to read {locale}")


def test_from_the_form_to_the_credit(stage: Stage) -> None:
    team, said = stage.workspace.team, stage.said
    places = [*((person, f"D{person[1:]}") for person in ROLES), ("U0SAM", "C0HANDOFFS")]
    with closing(stage.workspace.store()) as store:
        story = Transcript(team, store, stage.clock, places, BERLIN)
        story.watch()
        _tell(stage, story)
        for person in ("U0ANA", "U0OLGA"):
            story.types(person, said["lead"])
            story.types(person, said["list"])
        story.types("U0ANA", said["why"])
        for person in ("U0ANA", "U0LENA"):
            story.types(person, said["sources"])
    story.compare(TRANSCRIPTS / f"form_to_credit.{stage.language}.txt")
    assert story.messages == {
        "D0ANA": 2,  # the lead that came in, and the one message of her hand-off
        "D0DEVON": 1,  # the card that moved on
        "D0DANA": 2,  # the card that expired, and its reminder
        "D0OLGA": 1,
        "D0MARIA": 1,  # that it expired
        "D0SAM": 0,
        "D0LENA": 0,
        "C0HANDOFFS": 1,
    }


def _tell(stage: Stage, story: Transcript) -> None:
    team, said = stage.workspace.team, stage.said

    def card(person: str) -> Shown:
        return team.messages(person, f"D{person[1:]}")[-1]

    story.at(at("10:00"), "a form is sent on the website")
    who = {"company": "Acme Robotics", "name": "Jane Roe", "email": "jane@acme-robotics.example"}
    body = inlet.body_of(**who, phone="+1 555 0100", source="webinar", budget=said["budget"], message=said["said"])
    answer = inlet.post(stage.workspace.port, body)
    assert answer.status_code == 201
    story.watch()

    story.at(at("10:02:20"), "Ana claims it")
    assert team.taps("U0ANA", card("U0ANA"), said["claim"])["ok"]
    story.watch()

    story.at(at("10:04:40"), "Ana has called")
    story.types("U0ANA", said["log"])
    story.watch()

    story.at(at("10:25"), "Ana hands it over")
    assert team.taps("U0ANA", card("U0ANA"), said["handoff"])["ok"]
    form = team.form("U0ANA")
    assert form.initial(form.labels[0]) == "Acme Robotics"
    form = form.fill(meeting_day="2026-11-26", meeting_at="10:00", answer_need=said["need"])
    assert team.submits("U0ANA", form)["ok"]
    story.watch()

    story.at(at("10:30"), "Devon leaves")
    story.types("U0DEVON", said["away"])
    story.watch()

    story.at(at("11:01"), "half of Dana's hour is over")
    story.at(at("11:31"), "all of it")
    story.at(at("11:40:20"), "Olga accepts")
    assert team.taps("U0OLGA", card("U0OLGA"), said["accept"])["ok"]
    story.watch()

    story.at(at("12:10"), "Olga has called")
    story.types("U0OLGA", said["call"])
    story.watch()

    story.at(at("12:15"), "Olga re-qualifies")
    assert team.taps("U0OLGA", card("U0OLGA"), said["qualified"])["ok"]
    assert team.submits("U0OLGA", team.form("U0OLGA").fill(answer_authority="Jane Roe"))["ok"]
    story.watch()
