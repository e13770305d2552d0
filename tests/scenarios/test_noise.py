"""Three reminders in vain, the fourth a line of the digest, and back by acting: word by word, in both languages.

The transcripts beside it are what this holds the bot to; `BATON_TEST_TRANSCRIPTS=1` writes them anew.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.access.roles import Role
from bot.digest import service as digest
from bot.people.model import Aspect
from bot.reminders import service as reminders
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import conversation, settle
from tests.scenarios.test_story import until_known
from tests.wire.moved_clock import MovedClock
from tests.wire.team import Shown
from tests.wire.transcript import Transcript

HERE, BERLIN = "T0BATON", ZoneInfo("Europe/Berlin")
TRANSCRIPTS = Path(__file__).parent / "transcripts"
DANA = "U0DANA"
ENGLISH = {
    "locale": "en-GB",
    "reminders": "/baton reminders",
    "digest": "/digest my",
    "log": "/log call Acme 15m connected",
    "moved": "no more messages for now",
    "back": "Bring back",
}
RUSSIAN = {
    "locale": "ru-RU",
    "reminders": "/baton напоминания",
    "digest": "/digest моя",
    "log": "/log звонок Acme 15 мин дозвонился",
    "moved": "пока без сообщений",
    "back": "Вернуть",
}
LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "ru": RUSSIAN}


def at(text: str) -> datetime:
    """`16 16:30`: a day of November 2026 on the wall in Berlin; the 16th is a Monday."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{hour}").replace(tzinfo=BERLIN).astimezone(UTC)


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
    folder = tmp_path_factory.mktemp(f"noise-{language}")
    clock = MovedClock(folder / "clock", at("16 15:00"))
    environment: dict[str, Any] = clock.settings
    for workspace in start_workspace(request, folder, mode, database, **environment):
        said = LANGUAGES[language]
        workspace.team.changes_user(DANA, locale=said["locale"])
        until_known(workspace, DANA, said["locale"])
        settle(workspace, {DANA: Role.AE}, aspects={Aspect.COUNTRY: "XX"}, since=date(2026, 11, 2), now=clock.now)
        with closing(workspace.store()) as store:
            for noun in (reminders, digest):
                noun.ensure(store, HERE, [DANA], clock.now)
        yield Stage(workspace, clock, said, language)


def test_what_is_in_vain_moves_is_said_once_and_comes_back(stage: Stage) -> None:
    team, said = stage.workspace.team, stage.said

    def moved() -> Shown:
        return [each for each in team.messages(DANA, conversation(DANA)) if said["moved"] in each.text][-1]

    with closing(stage.workspace.store()) as store:
        story = Transcript(team, store, stage.clock, [(DANA, conversation(DANA))], BERLIN)
        story.at(at("16 16:30:20"), "Dana has logged nothing")
        story.at(at("17 16:30:20"), "nor on Tuesday")
        story.at(at("18 16:30:20"), "nor on Wednesday")
        story.at(at("19 16:30:20"), "nor on Thursday: no fourth reminder")
        story.types(DANA, said["reminders"])
        story.at(at("20 16:00:20"), "the week's digest")
        story.at(at("20 16:30:20"), "a line of the digest, and no message")
        story.types(DANA, said["digest"])
        story.at(at("23 11:00"), "Dana logs a call")
        story.types(DANA, said["log"])
        story.watch()
        story.types(DANA, said["reminders"])
        story.at(at("23 16:30:20"), "the next reminder comes as a message again")
        for day in ("24", "25"):
            story.at(at(f"{day} 16:30:20"), "nothing is logged")
        story.at(at("26 16:30:20"), "three more in vain")
        assert team.taps(DANA, moved(), said["back"])["ok"]
        story.watch()
        story.at(at("27 16:00:20"), "what was held back stands in the week's digest")
        story.at(at("27 16:30:20"), "by message again")
    story.compare(TRANSCRIPTS / f"noise.{stage.language}.txt")
