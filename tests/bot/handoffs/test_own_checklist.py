"""A workspace's own questions on hand-offs: what is required, and that each hand-off keeps what it was asked."""

import pytest

from bot.errors import Refused
from bot.handoffs import giving, pages, service
from bot.handoffs.giving import Giving
from bot.handoffs.rules import Answer, answer_of, is_known
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.checklists import OWN, read_questions
from bot.workspace.rules import Setting
from tests.bot.handoffs.desk import HERE, Team


def asks(team: Team, lines: str) -> None:
    before = workspace.settings(team.store, HERE).questions
    values: dict[str, object] = {Setting.CHECKLIST: OWN, Setting.QUESTIONS: read_questions(lines, before)}
    workspace.change(team.store, team.sam, values, team.now)


def gives(team: Team, company: str, **answers: str) -> Giving:
    return Giving(company, answers={code: answer_of(text) for code, text in answers.items()})


def test_a_question_with_a_star_has_to_be_answered(store: Store) -> None:
    team = Team(store, "DANA")
    asks(team, "* What do they use today?\nHow many seats?")
    with pytest.raises(Refused) as refused:
        giving.give(store, team.ana, gives(team, "Acme", own2="40"), origin="1", now=team.now)
    assert refused.value.key == "handoffs.answers_missing"
    row = giving.give(store, team.ana, gives(team, "Acme", own1="a spreadsheet"), origin="2", now=team.now)
    assert [(each.text, is_known(row.answers, each)) for each in row.questions] == [
        ("What do they use today?", True),
        ("How many seats?", False),
    ]


def test_a_hand_off_goes_on_showing_what_it_was_asked(store: Store) -> None:
    team = Team(store, "DANA")
    old = team.gives("Acme")
    asks(team, "What do they use today?\nHow many seats?")
    row = giving.give(store, team.ana, gives(team, "Globex", own2="40"), origin="1", now=team.now)
    asks(team, "What do they use now?\nWho signs?")
    new = giving.give(store, team.ana, gives(team, "Initech", own1="paper"), origin="2", now=team.now)
    assert [each.code for each in team.row(old.id).questions] == ["budget", "authority", "need", "timing"]
    assert [each.text for each in team.row(row.id).questions] == ["What do they use today?", "How many seats?"]
    assert [(each.code, each.text) for each in new.questions] == [
        ("own1", "What do they use now?"),
        ("own3", "Who signs?"),
    ]
    dana = team.takers[0]
    service.accept(store, dana, row.id, team.now)
    done = service.requalify(store, dana, row.id, {"own1": answer_of("no tool")}, None, team.now)
    assert {code: each.text for code, each in done.answers.items()} == {"own1": "no tool", "own2": "40"}
    assert done.lead_id is not None
    assert pages.newest(store, dana, done.account_id, done.lead_id) == done


def test_answers_to_questions_that_are_not_asked_are_no_harm(store: Store) -> None:
    team = Team(store, "DANA")
    asks(team, "How many seats?")
    row = giving.give(store, team.ana, gives(team, "Acme", budget="50k"), origin="1", now=team.now)
    assert row.answers["budget"] == Answer(answer_of("50k").known, "50k")
    assert not any(is_known(row.answers, each) for each in row.questions)
