"""The team in Slack's limits: two thousand people, long names, hostile names, both languages."""

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.absence.rules import Leave
from bot.access.roles import Role
from bot.audit.service import Change
from bot.people.assignments import Assigned
from bot.people.rules import Member, Standing, Stint
from bot.team.draft import ASKS, AskedBack, Draft, Problem
from bot.team.queries import PersonCard, RoleCard, Roster
from bot.team.service import Done
from bot.team.vocabulary import Group, Verb
from bot.words import LANGUAGES, Words, words_for
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Presence, Reason, Schedule
from bot.workspace.rules import Card
from handlers import ids
from handlers.ui import help as help_ui
from handlers.ui import role_cards, team, team_changes, team_forms
from handlers.ui.blocks import Message
from tests.factories import NOW, TODAY, a_person

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין " + "x" * 30
READER = a_person("U0SAM", roles=frozenset({"OPS"}))
ID = UUID(int=7)
PEOPLE = 2000


def a_member(number: int, name: str = "", **more: object) -> Member:
    """Somebody of a large team."""
    standing = Standing(f"Team {number % 37}", f"U{number % 90:06}", (f"T{number % 12}", f"S{number % 7}"))
    person = Member(f"U{number:06}", name or f"Person {number}", None, "Europe/Berlin", "en", standing=standing)
    roles = list(Role)
    held = [roles[number % 9], *([roles[(number + 1) % 9]] if number % 5 == 0 else [])]
    stints = tuple(Stint(ID, 1, person.id, role, date(2026, 6, 1), None) for role in held)
    return Member(**{**{name: getattr(person, name) for name in Member.__slots__}, "stints": stints, **more})


def a_roster(people: int = PEOPLE, name: str = "", day: date = TODAY) -> Roster:
    """A team in which every tenth is away, with managers who are in it, too."""
    members = tuple(a_member(number, name and f"{name} {number}") for number in range(people))
    by_id = {member.id: member for member in members}
    leaves = {
        member.id: Leave(ID, 1, member.id, "vacation", "person", NOW, NOW + timedelta(days=9))
        for member in members[::10]
    }
    return Roster(day, TODAY, members, by_id, leaves)


def fits(message: Message) -> Message:
    """The message, which Slack takes whole: no block is left out, and nothing in it pings."""
    assert message_reasons(message.payload()) == {}
    assert len(message.blocks) <= 50
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert not any(text.endswith("…") and len(text) >= 3000 for text in texts)
    assert not any(sign in text for text in texts for sign in ("<!", "<@"))
    return message


def said(message: Message) -> str:
    """Everything in the sections of a message."""
    return "\n".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")


def buttons(message: Message) -> list[str]:
    """The labels of its buttons."""
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize(("language", "group"), list(itertools.product(LANGUAGES, Group)))
def test_two_thousand_people_are_turned_page_by_page_and_nobody_is_lost(language: str, group: Group) -> None:
    words, found = words_for(language), a_roster()
    listed: list[str] = []
    for page in range(1000):
        message = fits(team.roster(words, found, READER, NOW, group=group, page=page))
        listed += [line for line in said(message).split("\n") if line.startswith("• ")]
        if words("button.next") not in buttons(message):
            break
    assert {line.split(" · ")[0] for line in listed} == {f"• Person {number}" for number in range(PEOPLE)}
    assert len(listed) == {Group.TEAM: 2000, Group.ROLE: 2400, Group.TERRITORY: 4000}[group]
    assert words("button.previous") in buttons(message)


@pytest.mark.parametrize("page", [-5, 0, 10**6])
def test_a_page_that_is_not_there_is_the_nearest_one(page: int) -> None:
    fits(team.roster(words_for("en"), a_roster(90), READER, NOW, group=Group.TEAM, page=page))


@pytest.mark.parametrize("group", list(Group))
def test_hostile_and_long_names_are_harmless(group: Group) -> None:
    message = fits(team.roster(words_for("en"), a_roster(60, HOSTILE), READER, NOW, group=group))
    assert "&lt;!channel&gt;" in said(message)
    assert said(message).count("• ") == 40


def test_nobody_yet_is_told_with_what_to_do() -> None:
    message = fits(team.roster(words_for("en"), a_roster(0), READER, NOW, group=Group.TEAM))
    assert "/team assign @ana SDR" in said(message)


def test_the_headline_says_what_its_people_share() -> None:
    boss = a_member(1, "Maria", standing=Standing("North"), stints=(Stint(ID, 1, "U", "MANAGER", TODAY, None),))
    away = a_member(2, "Ana", standing=Standing("North", "U000001", ("EMEA",)))
    leave = Leave(ID, 1, away.id, "sick", "person", NOW, NOW + timedelta(days=9))
    found = Roster(TODAY, TODAY, (away, boss), {boss.id: boss}, {away.id: leave})
    text = said(team.roster(words_for("en"), found, READER, NOW, group=Group.TEAM))
    assert text.split("\n")[0] == "*North*"
    assert "• Ana · AE · EMEA · manager Maria · :palm_tree: away *until" in text
    assert "sick" in text
    only = Roster(TODAY, TODAY, (away,), {boss.id: boss}, {})
    assert said(team.roster(words_for("en"), only, READER, NOW, group=Group.TEAM)).startswith(
        "*North* · manager Maria\n"
    )


def test_a_manager_who_has_left_is_marked_today_and_not_in_history() -> None:
    gone = a_member(1, "Pia", is_active=False)
    report = a_member(2, "Ana", standing=Standing(None, gone.id))
    for day, marked in ((TODAY, True), (date(2026, 3, 3), False)):
        found = Roster(day, TODAY, (report,), {gone.id: gone}, {})
        text = said(team.roster(words_for("en"), found, READER, NOW, group=Group.TEAM))
        assert ("Pia has left" in text) is marked


def a_card(**more: object) -> PersonCard:
    """Somebody's card, on which everything stands."""
    member = a_member(2, HOSTILE, standing=Standing(HOSTILE, "U1", (HOSTILE,) * 12, (HOSTILE,) * 12, STANDARD, "DE-BE"))
    stints = tuple(
        Stint(ID, 1, member.id, "SDR", TODAY - timedelta(days=9 * n), TODAY - timedelta(days=9 * n - 3))
        for n in range(40)
    )
    values: dict[str, object] = {
        "member": member,
        "day": TODAY,
        "now": NOW,
        "stints": stints,
        "manager": a_member(1, HOSTILE),
        "schedule": Schedule(READER.zone, STANDARD, "DE", "BE"),
        "presence": Presence(False, None, NOW + timedelta(days=2), Reason.AWAY),
        "leave": Leave(ID, 1, member.id, "sick", "person", NOW, NOW + timedelta(days=2)),
        "has_calendar": True,
        "may_assign": True,
        "may_set_hours": True,
    }
    return PersonCard(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_with_everything(language: str) -> None:
    words = words_for(language)
    message = fits(team.person(words, a_card(), READER))
    assert words("button.edit") in buttons(message)
    assert "DE-BE" in said(message)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        pytest.param({"presence": Presence(True, NOW, None, Reason.WORKING), "leave": None}, "working until", id="in"),
        pytest.param(
            {"presence": Presence(False, None, NOW, Reason.HOLIDAY), "leave": None}, "public holiday", id="holiday"
        ),
        pytest.param(
            {"presence": Presence(False, None, None, Reason.AWAY), "leave": None}, "not working now", id="for long"
        ),
        pytest.param({"schedule": Schedule(READER.zone, STANDARD)}, "no country is known", id="no country"),
        pytest.param({"has_calendar": False}, "no holiday calendar for Germany, Berlin (DE-BE)", id="no calendar"),
        pytest.param({"member": a_member(3, is_guest=True), "leave": None}, "Cannot hold roles", id="a guest"),
        pytest.param({"stints": ()}, "No role on this day", id="no role"),
        pytest.param(
            {"manager": a_member(1, "Pia", is_active=False)}, "Pia :warning: has left", id="a leader who left"
        ),
    ],
)
def test_what_a_card_says(more: dict[str, object], text: str) -> None:
    assert text in said(fits(team.person(words_for("en"), a_card(**more), READER)))


def test_a_card_has_no_buttons_for_who_may_change_nothing() -> None:
    assert buttons(team.person(words_for("en"), a_card(may_assign=False, may_set_hours=False), READER)) == []


def a_role(role: Role = Role.AE, card: Card | None = None, people: int = PEOPLE) -> RoleCard:
    """A role with many people in it."""
    return RoleCard(role, card or Card(), 60, a_roster(people), may_edit=True)


@pytest.mark.parametrize(("language", "role"), list(itertools.product(LANGUAGES, Role)))
def test_every_role_card_in_both_languages(language: str, role: Role) -> None:
    words = words_for(language)
    message = fits(role_cards.role_card(words, a_role(role), READER, NOW))
    assert words(f"card.{role}").split("\n")[0] in said(message)
    assert words(f"card.measures.{role}") in said(message)
    assert len(buttons(message)) == 9
    assert view_reasons(role_cards.role_form(words, a_role(role), ids.pack(r=role)), "modal") == []


def test_a_card_in_the_workspaces_own_words() -> None:
    own = Card({"en": f"{HOSTILE}\n" * 12})
    message = fits(role_cards.role_card(words_for("en"), a_role(card=own, people=0), READER, NOW))
    assert "&lt;!channel&gt;" in said(message)
    assert "Nobody holds this role" in said(message)
    assert "Перепроверяйте" in said(role_cards.role_card(words_for("ru"), a_role(card=own), READER, NOW))
    assert view_reasons(role_cards.role_form(words_for("en"), a_role(card=own), ids.pack()), "modal") == []


@pytest.mark.parametrize(("base", "text"), [(60, "60 % base, 40 % variable"), (100, "100 % base"), (0, "0 % base")])
def test_the_pay_mix(base: int, text: str) -> None:
    assert text in role_cards.pay_mix(words_for("en"), base)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_roles_and_help(language: str) -> None:
    fits(role_cards.roles(words_for(language), dict.fromkeys(Role, 2000)))
    fits(help_ui.team_help(words_for(language)))


DAYS = {"id": str(ID), "from": "2026-06-01", "until": None}
CHANGES = (
    Change("U1", "role.SDR", None, DAYS, TODAY - timedelta(days=3), by="U0SAM"),
    Change("U1", "role.AE", DAYS, {**DAYS, "until": "2026-11-17"}, TODAY),
    Change("U1", "role.CSM", DAYS, None, TODAY),
    Change("U1", "team", HOSTILE, None, TODAY),
    Change("U1", "territories", None, [HOSTILE] * 12, TODAY),
    Change("U1", "manager", "U1", "U2", TODAY),
    Change("U1", "hours", None, STANDARD.to_json(), TODAY),
    Change("U1", "country", "DE", "DE-BE", TODAY),
)


def a_change(*changes: Change) -> Done:
    """A change with everything that can be said about it."""
    held = Stint(ID, 1, "U1", "MRR", date(2026, 1, 1), None)
    assigned = Assigned(a_member(1, HOSTILE), changes or CHANGES, (held,), mixes_lines=True, overtaken=CHANGES)
    return Done(assigned, {"U1": HOSTILE, "U2": "Maria", "U0SAM": "Sam"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_is_told_within_the_limits(language: str) -> None:
    words = words_for(language)
    message = fits(team_changes.assigned(words, a_change(), TODAY))
    assert buttons(message) == [words("button.undo"), words("button.edit")]
    fits(team_changes.corrected(words, a_change(), TODAY))
    fits(team_changes.ended(words, a_change(CHANGES[1]), TODAY, at_once=False))
    fits(team_changes.ended(words, a_change(CHANGES[2]), TODAY, at_once=True))
    assert buttons(fits(team_changes.undone(words, a_change()))) == [words("button.restore")]


def test_a_change_says_what_was_and_what_is() -> None:
    words, names = words_for("en"), {"U1": "Maria", "U2": "Lena"}
    lines = [team_changes.change_line(words, change, names) for change in CHANGES]
    assert lines[0] == "*SDR* from Mon 1 Jun 2026"
    assert lines[1] == "*AE*: from Mon 1 Jun 2026 → Mon 1 Jun 2026 – Tue 17 Nov 2026"
    assert lines[2] == "*CSM* taken back (from Mon 1 Jun 2026)"
    assert lines[5:] == [
        "*Manager*: Maria → Lena",
        "*Hours*: none → Mon–Fri 09:00–17:30",
        "*Country*: Germany (DE) → Germany, Berlin (DE-BE)",
    ]


def test_what_was_worth_a_word() -> None:
    text = said(team_changes.assigned(words_for("en"), a_change(CHANGES[0]), TODAY))
    assert "is MRR already" not in text
    assert "was MRR already, since Thu 1 Jan 2026" in text
    assert "lies in the past" in text
    assert "Sam had changed it too: *SDR* from Mon 1 Jun 2026" in text
    assert "mixing the two costs about 20 % on both sides" in text


PARAMS = {
    **dict.fromkeys(("text", "word", "first", "second", "country", "parts"), HOSTILE),
    **dict.fromkeys(("length", "limit", "most"), 3001),
    "what": "team",
    "people": [HOSTILE, "@b"],
    "roles": ("SDR", "AE"),
    "role": "SDR",
    "days": (TODAY, date(2027, 4, 3)),
}


@pytest.mark.parametrize(("language", "code"), list(itertools.product(LANGUAGES, sorted(ASKS))))
def test_every_question_is_whole_and_harmless(language: str, code: str) -> None:
    words: Words = words_for(language)
    draft = Draft("U1", ("SDR",), TODAY, TODAY, {"territories": [HOSTILE] * 12, "manager": None})
    asked = AskedBack(Problem(code, PARAMS), Verb.ASSIGN, draft, "assign <@U1> SDR")
    line = "assign &lt;@U1&gt; " + "Ж" * 2900
    message = fits(team_changes.asked_back(words, asked, line, {"U1": "Ana"}))
    assert said(message).count("Ж") == 2900
    assert "@Ana SDR" in said(message)
    assert buttons(message) == [words("button.form")]


def test_a_draft_survives_its_button_or_leaves_its_values_behind() -> None:
    draft = Draft("U1", ("SDR", "AE"), TODAY, None, {"team": "North", "territories": ["EMEA"], "manager": None})
    assert team_changes.unpacked(ids.unpack(team_changes.packed(Verb.ASSIGN, draft))) == draft
    much = Draft("U1", ("SDR",), TODAY, TODAY, {"territories": ["x" * 80] * 40})
    assert team_changes.unpacked(ids.unpack(team_changes.packed(Verb.END, much))) == Draft("U1", ("SDR",), TODAY, TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("member", [None, a_member(2, HOSTILE)], ids=["anybody", "somebody"])
def test_the_forms_are_taken(language: str, whole: bool, member: Member | None) -> None:
    words = words_for(language)
    draft = Draft("U1", ("SDR", "AE"), TODAY, TODAY, {"team": HOSTILE, "hours": STANDARD.to_json()})
    for said_of in (draft, Draft()):
        form = team_forms.assign_form(words, member, said_of, TODAY, whole=whole, metadata=ids.pack())
        assert view_reasons(form, "modal") == []
        for verb in (Verb.END, Verb.CORRECT):
            assert view_reasons(team_forms.days_form(words, verb, member, said_of, ids.pack()), "modal") == []
