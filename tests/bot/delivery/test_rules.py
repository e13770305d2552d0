"""How long a message waits for its next try, and where a row goes after each way in which a try can end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.outcome import (
    CannotLook,
    Found,
    NotBegun,
    Nothing,
    NotSent,
    NotThere,
    NotYet,
    Outcome,
    Refused,
    Sent,
    TooFast,
    Unsure,
)
from bot.delivery.rules import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LOOK_AFTER,
    MOST_UNFORESEEN,
    UNCERTAIN,
    UNFORESEEN,
    Step,
    after_look,
    as_first_shown,
    pause_after,
    step_after,
)
from bot.delivery.states import IfUnsure, State, Way
from tests.bot.delivery.parcels import a_parcel
from tests.factories import NOW

ATTEMPTS = st.integers(1, 10_000)
JITTER = st.floats(0, 1)
SECOND = timedelta(seconds=1)


@given(ATTEMPTS, JITTER)
def test_no_pause_is_shorter_than_half_a_second_or_longer_than_ten_minutes(attempts: int, jitter: float) -> None:
    assert FIRST_PAUSE / 2 <= pause_after(attempts, jitter) <= LONGEST_PAUSE


@given(ATTEMPTS, JITTER)
def test_pauses_grow_with_each_attempt(attempts: int, jitter: float) -> None:
    assert pause_after(attempts, jitter) <= pause_after(attempts + 1, jitter)


@given(ATTEMPTS, JITTER, JITTER)
def test_jitter_only_shortens_and_by_half_at_the_most(attempts: int, more: float, less: float) -> None:
    more, less = max(more, less), min(more, less)
    assert pause_after(attempts, 0) / 2 <= pause_after(attempts, more) <= pause_after(attempts, less)


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [
        pytest.param(1, SECOND, id="a second"),
        pytest.param(2, 2 * SECOND, id="two"),
        pytest.param(5, 16 * SECOND, id="doubled each time"),
        pytest.param(11, timedelta(minutes=10), id="ten minutes at the most"),
        pytest.param(1_000_000, timedelta(minutes=10), id="for ever"),
    ],
)
def test_a_pause_doubles(attempts: int, pause: timedelta) -> None:
    assert pause_after(attempts, 0) == pause


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        pytest.param(Sent("D1", "1.1"), Step(State.SENT), id="sent"),
        pytest.param(Nothing("settled"), Step(State.DROPPED, "settled"), id="nothing to say"),
        pytest.param(Refused("is_archived"), Step(State.FAILED, "is_archived"), id="refused"),
        pytest.param(TooFast(30), Step(State.WAITING, "ratelimited", NOW + 30 * SECOND, is_try=False), id="too fast"),
        pytest.param(NotYet(NOW + SECOND), Step(State.WAITING, "not_yet", NOW + SECOND, is_try=False), id="not yet"),
        pytest.param(NotBegun(), Step(State.WAITING, "not_begun", is_try=False), id="not begun"),
        pytest.param(NotSent("store"), Step(State.WAITING, "store", NOW + 8 * SECOND), id="not sent"),
        pytest.param(Unsure("reset"), Step(State.UNSURE, "reset", NOW + 8 * SECOND), id="unsure"),
        pytest.param(Unsure("silent", 20), Step(State.UNSURE, "silent", NOW + 20 * SECOND), id="unsure for long"),
        pytest.param(Unsure(UNFORESEEN), Step(State.UNSURE, UNFORESEEN, NOW + 8 * SECOND), id="unforeseen"),
    ],
)
def test_where_a_row_goes_after_its_fourth_try(outcome: Outcome, step: Step) -> None:
    assert step_after(a_parcel(attempts=4), outcome, NOW, 0) == step


def test_nobody_looks_before_the_message_can_be_seen() -> None:
    assert step_after(a_parcel(), Unsure("reset"), NOW, 1) == Step(State.UNSURE, "reset", NOW + LOOK_AFTER)


def test_an_unsure_row_that_nobody_came_round_to_stays_unsure() -> None:
    step = step_after(a_parcel(was_unsure=True), NotBegun(), NOW, 0)
    assert step == Step(State.UNSURE, "not_begun", is_try=False)


def test_what_fails_in_an_unforeseen_way_again_and_again_is_given_up() -> None:
    steps = [step_after(a_parcel(attempts=n), Unsure(UNFORESEEN), NOW, 0) for n in range(1, MOST_UNFORESEEN + 1)]
    assert [step.state for step in steps] == [State.UNSURE] * (MOST_UNFORESEEN - 1) + [State.FAILED]


def test_an_update_that_may_have_been_done_is_done_again_without_a_look() -> None:
    step = step_after(a_parcel(way=Way.UPDATE), Unsure("reset"), NOW, 0)
    assert step.state == State.WAITING


@pytest.mark.parametrize(
    ("found", "if_unsure", "follows"),
    [
        pytest.param(Sent("D1", "1.1"), IfUnsure.DROP, Sent("D1", "1.1"), id="it stands there"),
        pytest.param(NotThere(), IfUnsure.DROP, None, id="a reminder is not there: send"),
        pytest.param(NotThere(), IfUnsure.RESEND, None, id="an offer is not there: send"),
        pytest.param(CannotLook(), IfUnsure.DROP, Nothing(UNCERTAIN), id="better never than twice"),
        pytest.param(CannotLook(), IfUnsure.RESEND, None, id="better twice than never"),
        pytest.param(NotSent("no_connection"), IfUnsure.DROP, Unsure("no_connection"), id="look again"),
        pytest.param(NotSent("no_connection"), IfUnsure.RESEND, Unsure("no_connection"), id="look again for an offer"),
        pytest.param(TooFast(30), IfUnsure.RESEND, Unsure("ratelimited", 30), id="looked too often"),
    ],
)
def test_what_follows_from_a_look(found: Found, if_unsure: IfUnsure, follows: Outcome | None) -> None:
    assert after_look(a_parcel(if_unsure=if_unsure, was_unsure=True), found) == follows


def test_a_message_that_was_found_shows_what_it_was_sent_with() -> None:
    assert as_first_shown(a_parcel(version=3)).version == 1
