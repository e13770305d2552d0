"""The one table of who may do what, and how far: their own, their reports', everybody's.

A workspace admin or owner in Slack has the rights of `ADMIN` without holding the role: whoever can install an app
can set it up. Who holds several roles may do what any of them may.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.access.actor import Actor
from bot.access.roles import Role


class Action(StrEnum):
    """What somebody may be allowed to do."""

    LOG = "log"
    """Log, see and edit activity, and have reminders of it."""
    SEE_NUMBERS = "see_numbers"
    CHANGE_DEALS = "change_deals"
    """Open, change, win and lose deals, and look after customers."""
    ASSIGN_ROLES = "assign_roles"
    """Roles, and with them team, manager, territory and segment."""
    GRANT_RIGHTS = "grant_rights"
    """Give or take a role that may do more than a manager may: `OPS` and `ADMIN`."""
    SET_HOURS = "set_hours"
    """Working hours, and the country whose public holidays count."""
    SET_ABSENCE = "set_absence"
    SET_QUOTAS = "set_quotas"
    CHANGE_SETTINGS = "change_settings"
    """Rules, settings, the texts of the role cards."""
    IMPORT = "import"
    EXPORT_ALL = "export_all"
    READ_AUDIT = "read_audit"
    SEE_SOURCES = "see_sources"
    """What became of leads by where they came from: counts, no persons."""
    COACH = "coach"
    """Hold one-to-ones with somebody, and give them training."""


class Relation(StrEnum):
    """Whose data it is, seen from the person who acts."""

    OWN = "own"
    REPORT = "report"
    """Of somebody who reports to them, at any depth."""
    COLLEAGUE = "colleague"
    """Of somebody else, or of the workspace as a whole."""
    FOREIGN = "foreign"
    """Of another workspace."""


NOBODY: frozenset[Relation] = frozenset()
OWN = frozenset({Relation.OWN})
REPORTS = frozenset({Relation.REPORT})
OWN_AND_REPORTS = OWN | REPORTS
EVERYBODY = OWN_AND_REPORTS | {Relation.COLLEAGUE}

Reach = frozenset[Relation]
"""Whose data a right goes to."""

ANYBODY: Mapping[Action, Reach] = {
    Action.LOG: OWN,
    Action.SEE_NUMBERS: OWN,
    Action.SET_HOURS: OWN,
    Action.SET_ABSENCE: OWN,
    Action.READ_AUDIT: OWN,
}
REP: Mapping[Action, Reach] = {**ANYBODY, Action.CHANGE_DEALS: OWN}
MANAGER: Mapping[Action, Reach] = {
    Action.LOG: OWN,
    Action.SEE_NUMBERS: OWN_AND_REPORTS,
    Action.CHANGE_DEALS: OWN_AND_REPORTS,
    Action.SET_HOURS: OWN_AND_REPORTS,
    Action.SET_ABSENCE: OWN_AND_REPORTS,
    Action.READ_AUDIT: OWN_AND_REPORTS,
    Action.ASSIGN_ROLES: REPORTS,
    Action.SET_QUOTAS: REPORTS,
    Action.COACH: REPORTS,
    Action.SEE_SOURCES: EVERYBODY,
}
MARKETING: Mapping[Action, Reach] = {**ANYBODY, Action.SEE_SOURCES: EVERYBODY}
OPERATIONS: Mapping[Action, Reach] = dict.fromkeys(Action, EVERYBODY) | {Action.LOG: OWN}

REACH: Mapping[Role, Mapping[Action, Reach]] = {
    **dict.fromkeys((Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM), REP),
    Role.MARKETING: MARKETING,
    Role.MANAGER: MANAGER,
    Role.OPS: OPERATIONS,
    Role.ADMIN: OPERATIONS,
}

GRANTING = frozenset({Role.OPS, Role.ADMIN})
"""Roles whose rights reach everybody: only those who have such rights give or take them."""


def may(actor: Actor, action: Action, relation: Relation) -> bool:
    """Whether `actor` may do `action` to data that is `relation` to them. Nobody reaches into another workspace."""
    if refusal(actor):
        return False
    tables = [REACH[Role(role)] for role in actor.roles] or [REP]
    tables += [OPERATIONS] * actor.is_admin
    return any(relation in table.get(action, NOBODY) for table in tables)


def holds_everything(roles: Iterable[str], *, is_admin: bool) -> bool:
    """Whether somebody's rights reach everybody: who can help when others may not."""
    return is_admin or not GRANTING.isdisjoint(roles)


def refusal(actor: Actor) -> str | None:
    """The message key that tells this person why Baton does nothing for them; None for colleagues."""
    if actor.is_bot:
        return "refused.bot"
    if actor.is_foreign:
        return "refused.foreign"
    if not actor.is_active:
        return "refused.deactivated"
    if actor.is_guest:
        return "refused.guest"
    return None
