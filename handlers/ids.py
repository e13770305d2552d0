"""Every id that goes to Slack and comes back, and the small versioned JSON that buttons carry."""

import json
import re
from collections.abc import Sequence
from typing import Any

LOG_COMMAND = "/log"
BATON_COMMAND = "/baton"
TEAM_COMMAND = "/team"
LEAD_COMMAND = "/lead"
HANDOFF_COMMAND = "/handoff"
DEAL_COMMAND = "/deal"
QUOTA_COMMAND = "/quota"
DIGEST_COMMAND = "/digest"

LOG_SHORTCUT = "log_message"

LOG_FORM = "log.form"
LOG_EDIT_FORM = "log.edit_form"

LOG_UNDO = "log.undo"
LOG_EDIT = "log.edit"
LOG_REMOVE = "log.remove"
LOG_RESTORE = "log.restore"
LOG_OPEN_FORM = "log.open_form"
LOG_ANSWER = "log.answer"
LOG_CANCEL = "log.cancel"
LOG_PAGE = "log.page"

STEP_DONE = "step.done"
STEP_LATER = "step.later"
STEP_REOPEN = "step.reopen"

REMIND_LOG = "remind.log"
REMIND_NOT_TODAY = "remind.not_today"
REMIND_SEEN = "remind.seen"
REMIND_DONE = "remind.done"
REMIND_LATER = "remind.later"
REMIND_STOP = "remind.stop"
REMIND_KEEP = "remind.keep"
REMIND_RESUME = "remind.resume"
REMIND_MUTE = "remind.mute"
REMIND_OPEN_FORM = "remind.open_form"
REMIND_FORM = "remind.form"

NOISE_BACK = "noise.back"

LEAD_SHORTCUT = "lead_message"

LEAD_FORM = "lead.form"
LEAD_ADD_FORM = "lead.add_form"

LEAD_CLAIM = "lead.claim"
LEAD_DO = "lead.do"
LEAD_PAGE = "lead.page"
LEAD_OPEN_FORM = "lead.open_form"
LEAD_LOG = "lead.log"
LEAD_ADD = "lead.add"
LEAD_ANYWAY = "lead.anyway"

SCORING_BOARD = "scoring.board"
SCORING_FORM = "scoring.form"

SCORING_OPEN = "scoring.open"
SCORING_EDIT = "scoring.edit"

HANDOFF_FORM = "handoff.form"
HANDOFF_DECLINE_FORM = "handoff.decline_form"
HANDOFF_REASSIGN_FORM = "handoff.reassign_form"
HANDOFF_QUALIFIED_FORM = "handoff.qualified_form"
HANDOFF_REJECT_FORM = "handoff.reject_form"

HANDOFF_GIVE = "handoff.give"
HANDOFF_ACCEPT = "handoff.accept"
HANDOFF_DECLINE = "handoff.decline"
HANDOFF_REASSIGN = "handoff.reassign"
HANDOFF_QUALIFIED = "handoff.qualified"
HANDOFF_REJECT = "handoff.reject"
HANDOFF_WITHDRAW = "handoff.withdraw"
HANDOFF_NAMED = "handoff.named"

DEAL_FORM = "deal.form"
DEAL_WON_FORM = "deal.won_form"
DEAL_LOST_FORM = "deal.lost_form"
DEAL_SPLIT_FORM = "deal.split_form"

DEAL_WINDOW = "deal.window"

DEAL_LIST = "deal.list"
DEAL_SHOW = "deal.show"
DEAL_STAGE = "deal.stage"
DEAL_WON = "deal.won"
DEAL_LOST = "deal.lost"
DEAL_EDIT = "deal.edit"
DEAL_REOPEN = "deal.reopen"
DEAL_SPLIT = "deal.split"
DEAL_DO = "deal.do"
DEAL_NAMED = "deal.named"
DEAL_TICK = "deal.tick"
DEAL_STEP_DONE = "deal.step_done"
DEAL_STEP_LATER = "deal.step_later"
DEAL_UNCHURN = "deal.unchurn"

QUOTA_SET_FORM = "quota.set_form"
QUOTA_WHAT_IF_FORM = "quota.what_if_form"
QUOTA_COUNTED_FORM = "quota.counted_form"
QUOTA_WINDOW = "quota.window"

DIGEST_STANDS = "digest.stands"
DIGEST_ONEONONE = "digest.oneonone"
DIGEST_DETAILS = "digest.details"
QUOTA_OPEN = "quota.open"
QUOTA_COUNTED = "quota.counted"
QUOTA_WHAT_IF = "quota.what_if"
QUOTA_SET = "quota.set"
QUOTA_SUGGEST = "quota.suggest"
QUOTA_PUT = "quota.put"
QUOTA_PERSON = "quota.person"
QUOTA_GROUP = "quota.group"
QUOTA_PART = "quota.part"
QUOTA_PAGE = "quota.page"

PAY_DISPUTE_FORM = "pay.dispute_form"
PAY_EXPLAIN_FORM = "pay.explain_form"
PAY_PLAN_FORM = "pay.plan_form"
PAY_WINDOW = "pay.window"

PAY_SHOW = "pay.show"
PAY_TABLE = "pay.table"
PAY_CLOSE = "pay.close"
PAY_CLOSE_NOW = "pay.close_now"
PAY_DISPUTE = "pay.dispute"
PAY_AGREE = "pay.agree"
PAY_EXPLAIN = "pay.explain"
PAY_PLAN = "pay.plan"
PAY_PLAN_EDIT = "pay.plan_edit"
PAY_PLAN_STANDARD = "pay.plan_standard"

COACH_FEEDBACK_FORM = "coach.feedback_form"
COACH_NOTES_FORM = "coach.notes_form"
COACH_TRAINING_FORM = "coach.training_form"

COACH_GIVE = "coach.give"
COACH_UNDO = "coach.undo"
COACH_AGENDA = "coach.agenda"
COACH_NOTES = "coach.notes"
COACH_HISTORY = "coach.history"
COACH_ITEM_DONE = "coach.item_done"
COACH_REVIEW_FILE = "coach.review_file"
COACH_TRAINING_DONE = "coach.training_done"
COACH_TRAINING_ASSIGN = "coach.training_assign"
COACH_TRAINING_PROGRESS = "coach.training_progress"
COACH_TRAINING_WITHDRAW = "coach.training_withdraw"

CAPACITY_PERIOD = "capacity.period"

FIGURES_COUNTED_FORM = "figures.counted_form"

FIGURES_PERIOD = "figures.period"
FIGURES_PEOPLE = "figures.people"
FIGURES_COUNTED = "figures.counted"

ROUTING_FORM = "routing.form"
ROUTING_HANDOFFS_FORM = "routing.handoffs_form"
ROUTING_REPLAY_FORM = "routing.replay_form"

ROUTING_EDIT = "routing.edit"
ROUTING_HANDOFFS = "routing.handoffs"
ROUTING_REPLAY = "routing.replay"
LEAD_SOURCES = "lead.sources"
ROUTING_USE = "routing.use"

AWAY_FORM = "away.form"

AWAY_OPEN_FORM = "away.open_form"
AWAY_UNDO = "away.undo"
AWAY_BACK = "away.back"
AWAY_CANCEL = "away.cancel"
AWAY_RESTORE = "away.restore"

PROCESS_BOARD = "process.board"
PROCESS_STAGE_FORM = "process.stage_form"
PROCESS_REASONS_FORM = "process.reasons_form"

PROCESS_OPEN = "process.open"
PROCESS_STAGE = "process.stage"
PROCESS_REASONS = "process.reasons"

RECOGNITION_FORM = "recognition.form"

RECOGNITION_OPEN = "recognition.open"
BOARD_LEAVE = "board.leave"
BOARD_BACK = "board.back"

SETTINGS_LIST = "settings.list"
SETTINGS_FORM = "settings.form"
SETTINGS_ROLES_FORM = "settings.roles_form"
SETTINGS_PLANNING_FORM = "settings.planning_form"

SETTINGS_OPEN = "settings.open"
SETTINGS_STEP = "settings.step"
SETTINGS_HOURS = "settings.hours"
SETTINGS_PLANNING = "settings.open_planning"
SETTINGS_INLET = "settings.inlet"
SETTINGS_INLET_NEW = "settings.inlet_new"
EXPORT_ALL = "personal.export_all"
FORGET = "personal.forget"

SETTINGS_HIDE = "settings.hide_list"

AUDIT_OPEN = "audit.open"
AUDIT_PAGE = "audit.page"

TEAM_FORM = "team.form"
TEAM_DAYS_FORM = "team.days_form"
TEAM_ROLE_FORM = "team.role_form"

TEAM_ROSTER = "team.roster"
TEAM_EDIT = "team.edit"
TEAM_OPEN_FORM = "team.open_form"
TEAM_UNDO = "team.undo"
TEAM_ROLE = "team.role"
TEAM_ROLE_EDIT = "team.role_edit"

VERSION = 1


def each(action_id: str) -> re.Pattern[str]:
    """The ids of several buttons of one kind in one row: Slack wants them different, `ID.0`, `ID.1`, …"""
    return re.compile(rf"^{re.escape(action_id)}\.\d+$")


def ticks_block(deal: str, stage: str, seen: Sequence[str]) -> str:
    """The block of a deal's checklist: a press tells what is ticked then; this, what was before."""
    return ":".join([DEAL_TICK, deal, stage, ",".join(seen)])


def read_ticks_block(block_id: str) -> tuple[str, str, list[str]]:
    """The deal, the stage and the codes that were ticked when the block was shown.

    Raises:
        ValueError: when it is none that `ticks_block` made.
    """
    name, deal, stage, seen = block_id.split(":")
    if name != DEAL_TICK:
        raise ValueError("not the block of a checklist")
    return deal, stage, [each for each in seen.split(",") if each]


def pack(**values: Any) -> str:
    """What a button or a form carries."""
    return json.dumps({**values, "v": VERSION}, separators=(",", ":"), ensure_ascii=False)


def unpack(value: str | None) -> dict[str, Any]:
    """What came back. It passed through somebody's client, so it is input like any other.

    Raises:
        ValueError: when it is nothing that `pack` of this version made.
    """
    found = json.loads(value or "null")
    if not isinstance(found, dict) or found.get("v") != VERSION:
        raise ValueError("not a value of this version")
    return found
