"""The table of rights: every role, every action, whosever data. The expected table stands here, line by line."""

from typing import Any

import pytest

from bot.access.rights import Action, Relation, holds_everything, may, refusal
from bot.access.roles import Role
from tests.factories import a_person

REPS = (Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM)

#                       own  report colleague foreign
NO = "-    -    -    -"
OWN = "yes  -    -    -"
REPORTS = "-    yes  -    -"
OWN_AND_REPORTS = "yes  yes  -    -"
ALL = "yes  yes  yes  -"

TABLE = {
    # action:               rep   MANAGER          OPS  ADMIN  Slack admin  MARKETING
    Action.LOG: (OWN, OWN, OWN, OWN, OWN, OWN),
    Action.SEE_NUMBERS: (OWN, OWN_AND_REPORTS, ALL, ALL, ALL, OWN),
    Action.CHANGE_DEALS: (OWN, OWN_AND_REPORTS, ALL, ALL, ALL, NO),
    Action.ASSIGN_ROLES: (NO, REPORTS, ALL, ALL, ALL, NO),
    Action.GRANT_RIGHTS: (NO, NO, ALL, ALL, ALL, NO),
    Action.SET_HOURS: (OWN, OWN_AND_REPORTS, ALL, ALL, ALL, OWN),
    Action.SET_ABSENCE: (OWN, OWN_AND_REPORTS, ALL, ALL, ALL, OWN),
    Action.SET_QUOTAS: (NO, REPORTS, ALL, ALL, ALL, NO),
    Action.CHANGE_SETTINGS: (NO, NO, ALL, ALL, ALL, NO),
    Action.IMPORT: (NO, NO, ALL, ALL, ALL, NO),
    Action.EXPORT_ALL: (NO, NO, ALL, ALL, ALL, NO),
    Action.READ_AUDIT: (OWN, OWN_AND_REPORTS, ALL, ALL, ALL, OWN),
    Action.SEE_SOURCES: (NO, ALL, ALL, ALL, ALL, ALL),
    Action.COACH: (NO, REPORTS, ALL, ALL, ALL, NO),
}
COLUMNS = ("rep", "MANAGER", "OPS", "ADMIN", "Slack admin", "MARKETING")
CASES = [
    pytest.param(action, column, relation, said == "yes", id=f"{column}: {action} {relation}")
    for action, row in TABLE.items()
    for column, line in zip(COLUMNS, row, strict=True)
    for relation, said in zip(Relation, line.split(), strict=True)
]


def _holders(column: str) -> list[dict[str, Any]]:
    if column == "rep":
        return [{"roles": frozenset({role})} for role in REPS] + [{"roles": frozenset()}]
    if column == "Slack admin":
        return [{"is_admin": True}, {"is_admin": True, "roles": frozenset({Role.SDR})}]
    return [{"roles": frozenset({column})}]


def test_the_table_names_every_action() -> None:
    assert TABLE.keys() == set(Action)


@pytest.mark.parametrize(("action", "column", "relation", "allowed"), CASES)
def test_who_may_do_what_to_whom(action: Action, column: str, relation: Relation, allowed: bool) -> None:
    for holder in _holders(column):
        assert may(a_person(**holder), action, relation) is allowed, holder


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("flaw", ["is_guest", "is_bot", "has left", "is_foreign"])
def test_who_is_no_colleague_may_do_nothing_whatever_they_hold(action: Action, relation: Relation, flaw: str) -> None:
    flawed: dict[str, Any] = {"is_active": False} if flaw == "has left" else {flaw: True}
    assert not may(a_person(roles=frozenset(Role), is_admin=True, **flawed), action, relation)


def test_several_roles_add_up() -> None:
    both = a_person(roles=frozenset({Role.MANAGER, Role.OPS}))
    assert may(both, Action.ASSIGN_ROLES, Relation.COLLEAGUE)
    assert may(a_person(roles=frozenset({Role.SDR, Role.MANAGER})), Action.SEE_NUMBERS, Relation.REPORT)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        pytest.param({}, None, id="a colleague"),
        pytest.param({"is_guest": True}, "refused.guest", id="a guest"),
        pytest.param({"is_bot": True}, "refused.bot", id="a bot"),
        pytest.param({"is_foreign": True}, "refused.foreign", id="somebody of another workspace"),
        pytest.param({"is_active": False}, "refused.deactivated", id="a leaver"),
        pytest.param({"is_active": False, "is_guest": True}, "refused.deactivated", id="a guest who left"),
    ],
)
def test_who_is_refused_and_with_which_words(change: dict[str, Any], key: str | None) -> None:
    assert refusal(a_person(**change)) == key


@pytest.mark.parametrize(
    ("roles", "is_admin", "everything"),
    [
        ((Role.OPS,), False, True),
        ((Role.ADMIN, Role.AE), False, True),
        ((Role.MANAGER,), False, False),
        ((), True, True),
    ],
)
def test_whose_rights_reach_everybody(roles: tuple[Role, ...], is_admin: bool, everything: bool) -> None:
    assert holds_everything(roles, is_admin=is_admin) is everything
