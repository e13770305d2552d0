"""The fairness table: what each got, what would have been fair, and who sees whose."""

from fractions import Fraction

from bot.handoffs import fairness, service
from bot.handoffs.fairness import shares_of
from bot.handoffs.queries import Asked
from bot.routing.rules import Verdict
from bot.store.engine import Store
from bot.workspace import service as settings
from tests.bot.handoffs.desk import Team


def asked(taker: str, ended: str | None, *running: str, is_routed: bool = True) -> Asked:
    rows = [{"candidate": each, "verdict": Verdict.CHOSEN if each == taker else Verdict.HASH} for each in running]
    rows.append({"candidate": "away", "verdict": Verdict.AWAY})
    return Asked(taker, is_routed, ended, {"rows": rows})


def test_shares_count_weight_and_who_was_there() -> None:
    offers = [
        asked("dana", "accepted", "dana", "arun"),
        asked("arun", "declined", "dana", "arun"),
        asked("dana", "expired", "dana"),
        asked("arun", "withdrawn", "dana", "arun"),
        asked("arun", "accepted", "dana", "arun", is_routed=False),
    ]
    dana, arun, olga = shares_of(offers, ["dana", "arun", "olga"], {"dana": 3})
    assert (dana.offered, dana.accepted, dana.declined, dana.expired, dana.given) == (2, 1, 0, 1, 2)
    assert (arun.offered, arun.accepted, arun.declined, arun.given) == (3, 1, 1, 1)
    assert (dana.fair, arun.fair) == (2 * Fraction(3, 4) + 1, 2 * Fraction(1, 4))
    assert dana.fair + arun.fair == dana.given + arun.given
    assert (olga.offered, olga.fair) == (0, Fraction(0))


def test_operations_see_everybody_a_manager_their_reports_a_rep_their_own(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    service.accept(store, team.taker(row := team.gives()), row.id, team.now)
    everybody = {"U0DANA", "U0ARUN"}
    for actor, seen in (
        (team.sam, everybody),
        (team.maria, everybody),
        (team.takers[0], {"U0DANA"}),
        (team.ana, set()),
    ):
        board = fairness.board(store, actor, team.now)
        assert {each.taker_id for each in board.shares} == seen
        assert ({each.id for each in board.takers}, board.given) == (everybody, 1)
        assert board.may_change is (actor is team.sam)


def test_the_board_says_weights_and_limits(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    rules = {"weights": {"U0DANA": 2}, "caps": {"U0DANA": 5}, "cap": 20}
    settings.change(store, team.sam, {"routing": rules}, team.now)
    board = fairness.board(store, team.sam, team.now)
    assert [(board.weight(each), board.cap(each)) for each in ("U0DANA", "U0ARUN")] == [(2, 5), (1, 20)]
