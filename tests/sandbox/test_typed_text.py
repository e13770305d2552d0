"""What Slack makes of typed text."""

import pytest
from sandbox.typed import Typist

from tests.sandbox.blocks import Json


def person(user_id: str, name: str, real_name: str, display: str = "", deleted: bool = False) -> Json:
    profile = {"display_name": display, "real_name": real_name}
    return {"id": user_id, "name": name, "real_name": real_name, "deleted": deleted, "profile": profile}


PEOPLE = [
    person("U1", "ann", "Ann Lee", display="Annie"),
    person("U2", "ann.b", "Ann B"),
    person("U3", "olga", "Ольга"),
    person("U4", "gone", "Gone", deleted=True),
]
TYPIST = Typist(PEOPLE, [("C1", "sales"), ("C2", "sales-emea")])

CASES = [
    pytest.param("call Acme & <Co>", "call Acme &amp; &lt;Co&gt;", id="three characters"),
    pytest.param("to @ann", "to <@U1|ann>", id="handle"),
    pytest.param("to @Ann Lee, now", "to <@U1|ann>, now", id="real name"),
    pytest.param("to @ANNIE", "to <@U1|ann>", id="display name in capitals"),
    pytest.param("to @ann.b!", "to <@U2|ann.b>!", id="longest name"),
    pytest.param("@ольга привет", "<@U3|olga> привет", id="name in Russian"),
    pytest.param("@annabel", "@annabel", id="nobody"),
    pytest.param("@gone", "@gone", id="deactivated"),
    pytest.param("tell @here", "tell <!here>", id="everybody here"),
    pytest.param("in #sales", "in <#C1|sales>", id="channel"),
    pytest.param("in #sales-emea.", "in <#C2|sales-emea>.", id="longest channel"),
    pytest.param("in #salesforce", "in #salesforce", id="no channel"),
    pytest.param("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>.", id="url"),
    pytest.param("mail jane@acme.example,", "mail <mailto:jane@acme.example|jane@acme.example>,", id="e-mail"),
    pytest.param("acme.com won", "<http://acme.com|acme.com> won", id="domain"),
    pytest.param("Acme Inc. 1.5k", "Acme Inc. 1.5k", id="no domain"),
    pytest.param("ann@acme.com", "<mailto:ann@acme.com|ann@acme.com>", id="domain of an e-mail"),
]


@pytest.mark.parametrize(("typed", "sent"), CASES)
def test_a_command_that_asks_for_it_gets_its_text_marked_up(typed: str, sent: str) -> None:
    assert TYPIST.in_command(typed, should_escape=True) == sent


def test_a_command_that_does_not_ask_gets_names_as_they_were_typed() -> None:
    assert TYPIST.in_command("@ann in #sales", should_escape=False) == "@ann in #sales"


def test_a_message_mentions_people_without_a_label() -> None:
    assert TYPIST.in_message("@ann see #sales") == "<@U1> see <#C1|sales>"
