"""Views of coaching: Slack takes each whole, however long and hostile what people typed is, in both languages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sandbox.checks import message_reasons, view_reasons

from bot.coaching import agenda, feedback, oneonones, reminding, review, training
from bot.coaching.feedback import Given, Notice
from bot.coaching.items import Draft
from bot.coaching.rules import LONGEST_ITEM, LONGEST_LINK, LONGEST_TEXT, LONGEST_TITLE, MOST_ITEMS
from bot.coaching.said import Module, Unread
from bot.quota.periods import Kind, Period
from bot.reading.asked import Problem
from bot.store.engine import Store
from bot.words import LANGUAGES, words_for
from handlers import ids
from handlers.ui import coaching as ui
from handlers.ui import coaching_meetings as meet_ui
from handlers.ui import coaching_review as review_ui
from handlers.ui import coaching_training as training_ui
from handlers.ui.blocks import Block, Message
from tests.bot.coaching.office import LATER, Office, a_wish, an_office
from tests.bot.delivery.parcels import a_parcel
from tests.factories import NOW, TODAY

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 "


def hostile(length: int) -> str:
    """So many characters that ping, end blocks, and fill them."""
    return (HOSTILE * (length // len(HOSTILE) + 1))[:length].strip()


def fits(message: Message) -> Message:
    """The message, which Slack takes whole, and in which nothing that people typed pings."""
    payload = message.payload()
    assert message_reasons(payload) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    for each in (str(message.blocks), payload["text"]):
        assert "<!" not in each
        assert "<@" not in each
    return message


def shows(view: Block) -> Block:
    """The form, which Slack takes."""
    assert view_reasons(view, "modal") == []
    return view


@pytest.fixture
def office(store: Store) -> Office:
    """Everybody has said, noted and been given as much as fits."""
    found = an_office(store)
    texts = {"notes": hostile(LONGEST_TEXT), "is_shared": True}
    drafts = tuple(Draft(hostile(LONGEST_ITEM), TODAY) for _ in range(MOST_ITEMS))
    oneonones.hold(
        store, found.maria, "U0ANA", a_wish(**texts, for_report=drafts, for_manager=drafts), origin="h", now=NOW
    )
    for n in range(25):
        feedback.give(
            store, found.olga, "U0ANA", hostile(LONGEST_TEXT), is_kudos=n % 2 == 0, origin=f"f{n}", now=NOW
        )  # fmt: skip
        title, link = hostile(LONGEST_TITLE), f"https://a.example/{'<|>&' * 100}"[:LONGEST_LINK]
        module = Module(title, link, TODAY + timedelta(days=n), (), ("AE",))
        training.assign(store, found.maria, module, origin=f"t{n}", now=NOW)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits(office: Office, language: str) -> None:
    words, store, zone = words_for(language), office.store, office.maria.zone
    for reader in (office.maria, office.ana):
        page = agenda.agenda(store, reader, "U0ANA", LATER)
        fits(meet_ui.agenda(words, page, zone, meet_ui.saved_head(words, HOSTILE)))
        fits(meet_ui.mine(words, oneonones.mine(store, reader, LATER)))
        fits(meet_ui.history(words, oneonones.history(store, reader, "U0ANA", LATER)))
        fits(ui.received(words, feedback.page(store, reader, "U0ANA", LATER), zone, TODAY))
        fits(training_ui.mine(words, training.mine(store, reader, LATER)))
    found = training.progress(store, office.maria, LATER)
    fits(training_ui.progress(words, found, training_ui.assigned_head(words, found.modules[0])))
    period = Period(Kind.QUARTER, date(2026, 7, 1), date(2026, 12, 31), "2026-H2")
    fits(review_ui.review(words, review.review(store, office.maria, "U0ANA", period, LATER), zone))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_fits(office: Office, language: str) -> None:
    words, store = words_for(language), office.store
    remark = feedback.page(store, office.ana, "U0ANA", LATER).several[0]
    for each in (remark, replace(remark, is_withdrawn=True), replace(remark, is_kudos=not remark.is_kudos)):
        for channel in (None, "C0WINS"):
            fits(ui.given(words, Given(each, channel)))
        fits(ui.taken_back(words, each))
        fits(ui.told(words, Notice(each, language)))
        fits(ui.public(words, Notice(each, language)))
    held = oneonones.history(store, office.ana, "U0ANA", LATER).several[0]
    subject = {"held": held.id.hex, "since": NOW.isoformat()}
    notice = oneonones.notice(store, a_parcel(kind=oneonones.HELD, subject=subject), LATER)
    assert notice is not None
    fits(meet_ui.notice(words, notice))
    tasks = [each.id.hex for each in training.mine(store, office.ana, LATER).tasks]
    page = reminding.page(store, a_parcel(kind=reminding.GIVEN, subject={"trainings": tasks}), LATER)
    assert isinstance(page, reminding.TrainingPage)
    for is_new in (True, False):
        fits(training_ui.message(words, page, is_new=is_new))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_and_question_fits(office: Office, language: str) -> None:
    words = words_for(language)
    for held in (None, oneonones.history(office.store, office.maria, "U0ANA", LATER).several[0].id):
        form = oneonones.form(office.store, office.maria, "U0ANA", held, LATER)
        shows(meet_ui.notes_form(words, replace(form, name=hostile(200)), ids.pack()))
    shows(ui.feedback_form(words, "U0ANA", ids.pack(), is_kudos=True))
    shows(training_ui.assign_form(words, ids.pack()))
    asked = Unread(Problem("words_unknown", {"text": hostile(2900)}), "feedback @ana")
    fits(ui.unread(words, hostile(2900), asked))


def test_only_open_items_have_a_button(office: Office) -> None:
    words = words_for("en")
    page = agenda.agenda(office.store, office.maria, "U0ANA", LATER)
    shown = meet_ui.agenda(words, page, office.maria.zone)
    done = [block for block in shown.blocks if "Done" in str(block.get("accessory"))]
    assert len(done) == meet_ui.ITEMS_SHOWN
