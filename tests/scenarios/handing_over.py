"""A team that hands over, in stories."""

from bot.access.roles import Role
from bot.workspace.rules import Setting
from tests.scenarios.conftest import Workspace
from tests.scenarios.settling import settle

ROLES = {
    "U0ANA": Role.SDR,
    "U0ROMAN": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
    "U0MINA": Role.SPECIALIST,
    "U0LENA": Role.CSM,
}


def hand_over(workspace: Workspace) -> None:
    """Everybody in their role, and a channel for the records."""
    settle(workspace, ROLES, {Setting.HANDOFFS_CHANNEL: "C0HANDOFFS"})
