"""What Slack refuses, and why."""

from sandbox.checks.grammar import Reason
from sandbox.checks.surfaces import choice_reasons, message_reasons, view_reasons

__all__ = ["Reason", "choice_reasons", "message_reasons", "view_reasons"]
