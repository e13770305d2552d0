"""A customer after the sale, in both languages: handed to customer success, reminded of 90, 60 and 30 days before,
renewed with its commission, and lost again inside the window, which takes that back.

The plan of CSM pays 2 % of what is renewed: 13,000 come to 260.00, and lost within 90 days they are mirrored.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.access.roles import Role
from bot.pay import service as pay
from bot.pay.standard import standard_plans
from bot.people.model import Aspect
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import reads, settle
from tests.wire.moved_clock import MovedClock
from tests.wire.team import Shown

ROLES = {"U0DANA": Role.AE, "U0MINA": Role.CSM, "U0MARIA": Role.MANAGER, "U0SAM": Role.OPS}
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}
ASPECTS: Mapping[str, object] = {Aspect.COUNTRY: "XX"}

ENGLISH = {
    "give": "/handoff Acme to CSM",
    "accept": "Accept",
    "renews": "*Acme* renews in {days} days, on Sat 20 Feb 2027: 12,000.00 EUR",
    "renew": "/deal Acme renewed 13k",
    "renewed": ":tada: Won: *Acme*, 13,000.00 EUR · renews Sun 20 Feb 2028",
    "until": "cared for by Mina Park",
    "settled": "the renewal is settled",
    "count": "*Renewals* · *1*, no target set · worth 13,000 EUR",
    "earned": "*Earned so far* 260.00 EUR commission in 2027-Q1",
    "statement": "/quota statement",
    "line": "13,000.00 EUR × 2 % = *260.00 EUR*",
    "churn": "/deal Acme churned price",
    "left": "Left on Mon 22 Feb 2027: Price",
    "back": "-13,000.00 EUR × 2 % = *-260.00 EUR*",
    "total": "*Total*\n0.00 EUR",
}
RUSSIAN = {
    "give": "/handoff Acme для @mina",
    "accept": "Принять",
    "renews": "*Acme*: продление через {days} дней, сб 20 февр 2027, 12 000,00 EUR",
    "renew": "/deal Acme продлена 13к",
    "renewed": ":tada: Выиграна: *Acme*, 13 000,00 EUR · продление вс 20 февр 2028",
    "until": "ведёт Mina Park",
    "settled": "с продлением всё решено",
    "count": "*Продления* · *1*, план не задан · на 13 000 EUR",
    "earned": "*Заработано* 260,00 EUR комиссии за 2027-Q1",
    "statement": "/quota расчёт",
    "line": "13 000,00 EUR × 2 % = *260,00 EUR*",
    "churn": "/deal Acme ушли дорого",
    "left": "Ушли пн 22 февр 2027: Цена",
    "back": "-13 000,00 EUR × 2 % = *-260,00 EUR*",
    "total": "*Итого*\n0,00 EUR",
}
LANGUAGES = [("en-GB", ENGLISH, *CORNERS[1]), ("ru-RU", RUSSIAN, *CORNERS[0])]


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


@dataclass
class Stage:
    """A workspace whose clock the story holds."""

    workspace: Workspace
    clock: MovedClock
    said: Mapping[str, Any]


@pytest.fixture(scope="module", params=LANGUAGES, ids=["en", "ru"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    locale, said, mode, database = request.param
    folder = tmp_path_factory.mktemp("after-sale")
    clock = MovedClock(folder / "clock", at("2026-11-18"))
    environment: dict[str, Any] = {**clock.settings}
    for workspace in start_workspace(request, folder, mode, database, **environment):
        for person in ROLES:
            workspace.team.changes_user(person, tz="Europe/Berlin", locale=locale)
        settle(workspace, ROLES, SETTINGS, aspects=ASPECTS, since=date(2026, 1, 1), now=clock.now)
        with closing(workspace.store()) as store, store.write() as tx:
            for plan in standard_plans(date(2026, 1, 1)):
                pay.put(tx, "T0BATON", plan, by="U0SAM", origin=f"plan:{plan.role}", now=clock.now)
        yield Stage(workspace, clock, said)


def words(shown: Shown) -> str:
    return shown.text.replace("\u00a0", " ")


def test_a_customer_is_cared_for_renewed_and_lost(stage: Stage) -> None:
    team, said, workspace = stage.workspace.team, stage.said, stage.workspace
    team.types("U0DANA", "/deal Acme won 12k renews 2027-02-20")
    team.types("U0DANA", said["give"])
    team.taps("U0MINA", reads(workspace, "U0MINA", "Acme"), said["accept"])
    seen, told = len(team.messages("U0MINA", "D0MINA")), []
    for day, left in (("2026-11-23", 89), ("2026-12-22", 60), ("2027-01-21", 30)):  # the 22nd was a Sunday
        stage.clock.set(at(day))
        told.append(team.next_message("U0MINA", seen, "D0MINA"))
        assert said["renews"].format(days=left) in words(told[-1])
        seen += 1
    renewed = words(team.types("U0MINA", said["renew"]))
    assert said["renewed"] in renewed
    assert said["until"] in renewed
    assert all(said["settled"] in words(team.sees_change("U0MINA", each)) for each in told)
    mine = words(team.types("U0MINA", "/quota"))
    assert said["count"] in mine
    assert said["earned"] in mine
    statement = words(team.types("U0MINA", said["statement"]))
    assert said["line"] in statement
    stage.clock.set(at("2027-02-22"))
    assert said["left"] in words(team.types("U0MINA", said["churn"]))
    taken_back = words(team.types("U0MINA", said["statement"]))
    assert said["line"] in taken_back
    assert said["back"] in taken_back
    assert said["total"] in taken_back
    stays = words(team.types("U0MINA", "/quota as of 2027-01-25"))
    assert said["count"] in stays  # whatever became of them later
    assert said["earned"] in stays
    assert len(team.messages("U0MINA", "D0MINA")) == seen
