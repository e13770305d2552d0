"""Feedback: kept and told once, read by whom it concerns, taken back while it is new."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.access.actor import Actor
from bot.coaching import feedback
from bot.coaching.rules import LONGEST_TEXT, UNDO_WITHIN
from bot.delivery import mending
from bot.delivery.states import State
from bot.errors import Refused
from bot.store.engine import Store
from bot.workspace import service as workspaces
from bot.workspace.rules import Setting
from tests.bot.coaching.office import LATER, Office, an_office
from tests.bot.delivery.parcels import a_parcel
from tests.factories import NOW, a_member


def given(office: Office, text: str = "great call", *, origin: str = "o1", is_kudos: bool = False) -> feedback.Given:
    return feedback.give(office.store, office.olga, "U0ANA", text, is_kudos=is_kudos, origin=origin, now=NOW)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        call()
    return error.value.key


def test_it_is_told_once_however_often_it_is_delivered(store: Store) -> None:
    office = an_office(store)
    first, again = given(office), given(office)
    assert first.remark.id == again.remark.id
    assert office.told(feedback.TOLD) == [("U0ANA", State.WAITING)]
    assert office.audited("U0ANA") == [("feedback", "U0OLGA")]


def test_who_may_read_it(store: Store) -> None:
    office = an_office(store)
    given(office)
    for reader in (office.ana, office.maria, office.sam):
        page = feedback.page(store, reader, "U0ANA", LATER)
        assert [(each.author, each.text) for each in page.several] == [("Olga", "great call")]
    for reader in (office.olga, office.dana):
        assert refused(lambda reader=reader: feedback.page(store, reader, "U0ANA", LATER)) == (  # type: ignore[misc]
            "coaching.refused.not_yours"
        )
    assert feedback.page(store, office.olga, "U0OLGA", LATER).several == ()


@pytest.mark.parametrize(
    ("whom", "text", "key"),
    [
        ("U0OLGA", "I am great", "coaching.refused.own_feedback"),
        ("U0NOBODY", "hello", "coaching.refused.stranger"),
        ("U0GUEST", "hello", "coaching.refused.no_colleague"),
        ("U0BOT", "hello", "coaching.refused.no_colleague"),
        ("U0ANA", "  ", "coaching.refused.no_words"),
        ("U0ANA", "x" * (LONGEST_TEXT + 1), "coaching.refused.long"),
    ],
)
def test_what_is_refused(store: Store, whom: str, text: str, key: str) -> None:
    office = an_office(store)
    a_member(store, "U0GUEST", is_guest=True)
    a_member(store, "U0BOT", is_bot=True)
    give = lambda: feedback.give(store, office.olga, whom, text, is_kudos=False, origin="o", now=NOW)  # noqa: E731
    assert refused(give) == key
    assert office.told(feedback.TOLD) == []


def test_kudos_stand_in_the_channel_of_wins_if_there_is_one(store: Store) -> None:
    office = an_office(store)
    assert given(office, is_kudos=True).channel is None
    assert office.told(feedback.KUDOS) == []
    workspaces.change(store, office.sam, {Setting.WINS_CHANNEL: "C0WINS"}, NOW)
    assert given(office, origin="o2", is_kudos=True).channel == "C0WINS"
    assert office.told(feedback.KUDOS) == [("C0WINS", State.WAITING)]


def test_whoever_gives_kudos_hears_of_a_channel_that_does_not_take_them(store: Store) -> None:
    office = an_office(store)
    parcel = a_parcel(kind=feedback.KUDOS, recipient="C0WINS", subject={"asked_by": "U0OLGA"})
    with store.write() as tx:
        mending.tell_who_can_mend(tx, parcel, "not_in_channel", NOW)
    assert {who for who, _ in office.told(mending.TROUBLE)} == {"U0SAM", "U0OLGA"}


def test_its_author_takes_it_back_for_some_minutes(store: Store) -> None:
    office = an_office(store)
    remark = given(office).remark

    def take(who: Actor, at: datetime) -> feedback.Remark:
        return feedback.take_back(store, who, remark.id, at)

    assert refused(lambda: take(office.ana, LATER)) == "coaching.refused.gone"
    assert refused(lambda: take(office.olga, NOW + UNDO_WITHIN + timedelta(seconds=1))) == "coaching.refused.too_late"
    for _ in range(2):
        assert take(office.olga, NOW + UNDO_WITHIN).is_withdrawn
    assert feedback.page(store, office.ana, "U0ANA", LATER).several == ()
    assert office.audited("U0ANA") == [("feedback", "U0OLGA")] * 2
    parcel = a_parcel(kind=feedback.TOLD, subject={"feedback": remark.id.hex})
    assert feedback.notice(store, parcel, LATER) is None


def test_each_says_who_they_are(store: Store) -> None:
    office = an_office(store)
    remark = given(office).remark
    found = feedback.notice(store, a_parcel(kind=feedback.TOLD, subject={"feedback": remark.id.hex}), LATER)
    assert found is not None
    assert (found.remark.author, found.remark.name, found.language) == ("Olga", "Ana", "en")


def test_the_actor_is_a_colleague(store: Store) -> None:
    office: Office = an_office(store)
    who: Actor = office.dana  # no manager, and nothing to do with Olga
    done = feedback.give(store, who, "U0OLGA", "thanks", is_kudos=False, origin="o", now=NOW)
    assert done.remark.author == "Dana"
