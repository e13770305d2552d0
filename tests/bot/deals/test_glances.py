"""The deals of Home: one's own open ones only, the most pressing first."""

from datetime import timedelta

from bot.access.actor import Actor
from bot.deals.glances import Glances, glances
from bot.deals.rules import Concern
from bot.store.engine import Store
from tests.bot.deals.desk import MORNING, Team

TODAY = MORNING.date()
A_DAY = timedelta(days=1)


def seen(store: Store, actor: Actor) -> Glances:
    """What somebody's Home has of deals."""
    with store.read() as tx:
        return glances(tx, actor, TODAY)


def test_past_due_comes_first_then_what_is_forgotten_then_what_is_due(store: Store) -> None:
    team = Team(store)
    team.opens("Calm", next_step="call", next_on=TODAY + A_DAY, close_on=TODAY + 60 * A_DAY)
    team.opens("Soon", next_step="call", next_on=None, close_on=TODAY + 3 * A_DAY)
    team.opens("Today", next_step="call", next_on=TODAY)
    team.opens("Forgotten")
    team.opens("Late", next_step="call", close_on=TODAY - 2 * A_DAY)
    team.opens("Later", close_on=TODAY - A_DAY)
    found = seen(store, team.dana)
    assert len(found.rows) == 6
    assert [(each.row.company, each.why) for each in found.pressing] == [
        ("Late", Concern.PAST_DUE),
        ("Later", Concern.PAST_DUE),
        ("Forgotten", Concern.NO_STEP),
        ("Today", Concern.STEP_TODAY),
        ("Soon", Concern.SOON),
    ]


def test_closed_ones_and_those_of_others_are_not_shown(store: Store) -> None:
    team = Team(store)
    team.wins(team.opens("Acme"))
    team.loses(team.opens("Globex"))
    assert seen(store, team.dana) == Glances()
    mine = team.opens("Initech")
    assert seen(store, team.maria) == Glances()
    assert [row.id for row in seen(store, team.dana).rows] == [mine.id]
