"""The catalogues are whole: every message the code asks for, in both languages, with the same parameters."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

import bot
import handlers
from bot.absence.form import FIELD_OF as AWAY_FIELD_OF
from bot.absence.kinds import AbsenceKind
from bot.access.roles import Role
from bot.activity.entry import Kind, Outcome
from bot.activity.limits import FIELD_OF
from bot.attainment.pages import Course
from bot.audit.log import Reach
from bot.coaching.said import ASKS as COACHING_ASKS
from bot.deals.said import ASKS as DEAL_ASKS
from bot.deals.states import LOST_REASONS, NEED_A_NOTE, Stage, What
from bot.deals.states import Kind as Sold
from bot.delivery.mending import MENDABLE
from bot.digest.pages import Need
from bot.digest.rules import Digest
from bot.digest.said import ASKS as DIGEST_ASKS
from bot.digest.themes import Theme
from bot.figures.pipeline import LeftOut
from bot.figures.sales import NoVelocity
from bot.handoffs.changes import OWNER, PERSON, RULES
from bot.handoffs.rules import DECLINE_REASONS, REJECT_REASONS, Known
from bot.handoffs.said import ASKS as HANDOFF_ASKS
from bot.handoffs.states import OPEN, Reason, State
from bot.handoffs.states import Kind as Handed
from bot.leads.form import FIELDS as LEAD_FIELDS
from bot.leads.said import ASKS as LEAD_ASKS
from bot.leads.scoring_form import FIELDS as SCORING_FIELDS
from bot.leads.scoring_form import TABLES, Form
from bot.leads.states import Happening, LeadState
from bot.leads.vocabulary import Source
from bot.noise.acts import ACTS
from bot.noise.rules import End as NoiseEnd
from bot.pay.line import ASKS as PAY_ASKS
from bot.pay.plan import PAID_FOR
from bot.pay.plan import Event as Earning
from bot.people.model import Aspect
from bot.quota.metrics import STANDARD as METRICS
from bot.quota.pace import NoPace
from bot.quota.periods import Kind as PeriodKind
from bot.quota.said import ASKS as QUOTA_ASKS
from bot.quota.whose import Whose
from bot.reminders.form import OFF, ON
from bot.reminders.rules import Kind as Reminded
from bot.routing.rules import Verdict
from bot.team.draft import ASKS as TEAM_ASKS
from bot.team.vocabulary import Group
from bot.transfer.kinds import Kind as Table
from bot.words import LANGUAGES, catalogue_paths, language_of, read_catalogue, words_for
from bot.workspace.checklists import CHECKLISTS
from bot.workspace.rules import SETTINGS_OF, Setting, Step
from handlers import ids
from handlers.ui.audit import COACHING as COACHED
from handlers.ui.capacity import COLUMNS
from handlers.ui.deals import FIELDS as DEAL_FIELDS
from handlers.ui.delivery import RESTRICTED
from handlers.ui.digest_marketing import COLUMNS as SOURCE_COLUMNS
from handlers.ui.figures import COUNTED
from handlers.ui.figures import LINES as FIGURES

KEY = re.compile(
    r"(?:kind|outcome|button|log|form|error|refused|home|help|away|settings|audit|team|role|card|step|reminders|delivery|handoffs|leads|deals|routing|pay|scoring|quota|figures|capacity|coaching|install|personal|digest|noise|recognition)\.[a-z_.-]*[a-z]"
)
DECIDED_BY = (RULES, OWNER, PERSON)
TELLS_APART = (Verdict.MORE_LOAD, Verdict.LESS_CREDIT, Verdict.WAITED_LESS, Verdict.HASH)
MOVED_ON = (Reason.AWAY, Reason.GONE, Reason.TO_SOMEBODY)

OF_HANDOFFS = (
    Setting.HANDOFF_MINUTES,
    Setting.TOUCH_DAYS,
    Setting.CHECKLIST,
    Setting.REQUIRED_ANSWERS,
    Setting.QUESTIONS,
    Setting.ROUTING,
)
OF_LEADS = (Setting.SPEED_MINUTES, Setting.LEAD_RULES)
OF_PAY = (Setting.CLAWBACK_DAYS, Setting.RAMP_CURVE, Setting.QUOTA_GROWTH, Setting.OWN_METRICS, Setting.COMPETITORS)
OF_DEALS = (Setting.SALES_PROCESS, Setting.RECOGNITION)

FIGURE_ROWS = {each.name.partition(".")[0] for each in FIGURES}

SCORING_LINES = (
    *("points_missing", "points_whole", "points_sign", "points_range", "name_missing", "name_long", "twice", "size"),
    *("overlap", "country", "source", "touch", "days", "recency_negative", "recency_order", "table_long"),
)

ENUMERATED = (
    {"kind.other.who"}  # for a kind that a workspace added
    | {"refused.person_alone"}  # where nobody else can
    | {f"button.{period}_{way}" for period in ("day", "week") for way in ("before", "after")}
    | {f"kind.{kind}{form}" for kind in Kind for form in ("", ".n", ".who")}
    | {f"outcome.{outcome}" for outcome in Outcome}
    | {f"settings.step.{step}" for step in Step}
    | {f"settings.name.{name}" for names in SETTINGS_OF.values() for name in names}
    | {f"settings.name.{name}" for name in (*OF_HANDOFFS, *OF_LEADS, *OF_PAY, *OF_DEALS, Setting.FORGOTTEN)}
    | {f"personal.kind.{kind}" for kind in (*Table, "records")}
    | {f"routing.count.{what}" for what in ("offered", "accepted", "declined", "expired")}
    | {f"routing.replay.column.{name}" for name in ("who", "then", "would", "fair", "beyond")}
    | {f"settings.routing.{part}" for part in ("weight", "cap", "stuck")}
    | {f"settings.part.{aspect}" for aspect in ("team", "manager", "territories", "segments")}
    | {f"settings.field.{name}" for name in ("country", "zone", "handoffs", "wins")}
    | {f"settings.problem.{name}" for name in ("country", "zone")}
    | {f"audit.reach.{reach}" for reach in Reach}
    | {f"audit.what.{what}" for what in (*Aspect, *COACHED)}
    | {f"absence.{kind}" for kind in (*AbsenceKind, "away")}
    | {f"away.problem.{code}" for code in AWAY_FIELD_OF}
    | {f"{family}.{role}" for role in Role for family in ("role", "card", "card.measures")}
    | {f"team.{key}.{group}" for group in Group for key in ("by", "without")}
    | {f"team.field.{aspect}" for aspect in Aspect if aspect is not Aspect.NOTES}
    | {f"team.ask.{code}" for code in TEAM_ASKS}
    | {f"team.card.{name}" for name in ("team", "manager", "manager_gone", "territories", "segments")}
    | {f"team.form.{verb}" for verb in ("end", "correct")}
    | {f"team.role.text_{language}" for language in LANGUAGES}
    | {f"reminders.{key}.{kind}" for kind in (Reminded.DAILY, Reminded.WEEK_AHEAD) for key in ("comes", "comes_at")}
    | {f"reminders.kind.{kind}" for kind in Reminded}
    | {f"noise.{key}.{kind}" for kind in (*ACTS, Reminded.TRAINING) for key in ("kind", "act")}
    | {f"digest.market.theme.{theme}" for theme in Theme}
    | {f"noise.ended.{why}" for why in NoiseEnd}
    | {f"reminders.form.{state}" for state in (ON, OFF)}
    | {f"delivery.trouble.{reason}" for reason in MENDABLE if not reason.startswith(RESTRICTED)}
    | {f"delivery.trouble.{RESTRICTED}"}
    | {f"help.team.{part}" for part in ("look", "change", "own", "coach")}
    | {f"help.lead.{part}" for part in ("look", "new", "work")}
    | {f"leads.ask.{code}" for code in LEAD_ASKS}
    | {f"leads.state.{state}" for state in LeadState if state is not LeadState.MERGED}
    | {f"leads.happened.{what}" for what in Happening}
    | {f"leads.form.{field}" for field in (*LEAD_FIELDS, "owner")}
    | {f"leads.score.{what}" for what in ("size", "industry", "country", "territory", "title")}
    | {f"leads.done.{verb}" for verb in ("claim", "release", "score", "nurture", "merge")}
    | {f"leads.late.{who}_{whose}" for who in ("reminder", "manager") for whose in ("owned", "nobodys")}
    | {f"scoring.line.{code}" for code in SCORING_LINES}
    | {f"scoring.problem.{code}" for code in ("size", "overlap")}
    | {f"scoring.done.{what}" for what in ("rescoring", "saved", "as_it_was")}
    | {f"scoring.progress.{how}" for how in ("some", "same")}
    | {f"scoring.{text}.{form}" for form in Form for text in ("form", "intro")}
    | {f"scoring.field.{name}" for names in SCORING_FIELDS.values() for name in names}
    | {f"scoring.{text}.{name}" for name in TABLES for text in ("hint", "example")}
    | {f"help.handoff.{part}" for part in ("give", "follow")}
    | {f"handoffs.{family}.{kind}" for kind in Handed for family in ("card.title", "kind")}
    | {f"handoffs.card.why.{rule}" for rule in DECIDED_BY}
    | {f"handoffs.card.by.{verdict}" for verdict in TELLS_APART}
    | {f"handoffs.why.rule.{rule}" for rule in DECIDED_BY}
    | {f"handoffs.why.verdict.{verdict}" for verdict in Verdict}
    | {f"handoffs.{family}.{code}" for codes in CHECKLISTS.values() for code in codes for family in ("answer", "ask")}
    | {f"handoffs.known.{known}" for known in Known}
    | {f"handoffs.decline.{reason}" for reason in DECLINE_REASONS}
    | {f"handoffs.reject.{reason}" for reason in REJECT_REASONS}
    | {f"handoffs.source.{source}" for source in Source}
    | {f"handoffs.late.{state}" for state in State}
    | {f"handoffs.under_way.{state}" for state in OPEN}
    | {f"handoffs.state.{state}" for state in (State.WAITING, State.REQUALIFIED, State.WITHDRAWN)}
    | {"handoffs.state.asked_no_clock"}  # as `offered_no_clock`
    | {f"handoffs.trail.{state}" for state in State if state is not State.REASSIGNED}
    | {"handoffs.trail.asked"}
    | {f"leads.odds.{feature}" for feature in ("source", "country", "industry", "territory", "segment", "size")}
    | {f"leads.sources.{part}" for part in ("handed", "accepted", "qualified", "reject", "decline")}
    | {f"handoffs.ended.{state}" for state in (State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.ACCEPTED, None)}
    | {f"handoffs.{family}.reassigned.{why}" for why in MOVED_ON for family in ("ended", "trail")}
    | {f"handoffs.ask.{code}" for code in HANDOFF_ASKS}
    | {f"pay.event.{event}" for event in Earning}
    | {f"pay.for.{event}" for event in PAID_FOR}
    | {f"pay.ask.{code}" for code in PAY_ASKS}
    | {f"pay.sum.{name}" for name in ("brought", "total", "due", "carried")}
    | {f"pay.step.{kind}{end}" for kind in ("tier", "accelerator") for end in ("", "_to")}
    | {f"pay.form.{name}{hint}" for name in ("text", "answer") for hint in ("", "_hint")}
    | {f"deals.note_missing.{reason}" for reason in NEED_A_NOTE}
    | {f"quota.ask.{code}" for code in QUOTA_ASKS}
    | {f"recognition.{key}" for key in ("leave", "back", "left", "returned", "left_already", "returned_already")}
    | {f"digest.ask.{code}" for code in DIGEST_ASKS}
    | {f"digest.needs.{need}" for need in Need}
    | {f"digest.kind.{digest.removeprefix('digest_')}" for digest in Digest}
    | {f"digest.headline.{why.value}" for why in NoPace}
    | {f"digest.than.{kind}" for kind in PeriodKind}
    | {f"digest.title.{whose}" for whose in ("team", "everybody")}
    | {f"digest.column.{each}" for each in ("person", "pace", "activity", "sqls", "won")}
    | {f"digest.handoffs.{side}" for side in ("taken", "given")}
    | {f"digest.clock.{name}" for name in ("person", "system")}
    | {f"digest.reasons.{of}" for of in ("decline", "reject")}
    | {f"digest.pipeline.{name}" for name in ("opened", "won", "lost", "open")}
    | {f"digest.headline.{way}" for way in ("faster", "slower", "nobody", "empty")}
    | {
        f"digest.details.{name}"
        for name in ("needing", "standing", "activity", "handoffs", "pipeline", "wins", "late", "ahead", "praise")
    }
    | {f"digest.marketing.column.{each}" for each in SOURCE_COLUMNS}
    | {f"digest.marketing.{of}" for of in ("decline", "reject")}
    | {f"help.digest.{part}" for part in ("look", "board", "when")}
    | {f"quota.metric.{metric.code}" for metric in METRICS}
    | {f"quota.counted.of.{metric.code}" for metric in METRICS}
    | {f"quota.counted.left_out.{reason.value}" for reason in LeftOut if reason is not LeftOut.OTHER_PERIOD}
    | {f"quota.pace.{reason.value}" for reason in NoPace if reason is not NoPace.NO_TARGET}
    | {f"quota.period.quarter_{number}" for number in ("first", "second", "third", "fourth")}
    | {f"quota.title.own_{kind}" for kind in PeriodKind}
    | {f"quota.group.{form}{whose}" for whose in (Whose.TEAM, Whose.TERRITORY) for form in ("", "which_")}
    | {f"quota.course.{course}" for course in Course}
    | {f"help.quota.{part}" for part in ("look", "set", "ahead", "pay")}
    | {"quota.set.by_days", "quota.set.by_ramp"}
    | {f"deals.ask.{code}" for code in DEAL_ASKS}
    | {f"deals.process.form.name_{language}" for language in LANGUAGES}
    | {f"deals.stage.{stage}" for stage in Stage}
    | {f"deals.check.title.{stage}" for stage in Stage}
    | {f"deals.check.{stage}.{n}" for stage in Stage for n in ("first", "second", "third")}
    | {f"deals.kind.{kind}" for kind in (Sold.RENEWAL, Sold.UPSELL)}
    | {f"deals.reason.{reason}" for reason in LOST_REASONS}
    | {f"deals.{family}.{what}" for what in What for family in ("done", "happened")}
    | {f"deals.field.{name.removesuffix('_id')}" for name in (*DEAL_FIELDS, "assist", "closed", "reason")}
    | {f"help.deal.{part}" for part in ("work", "end", "after")}
    | {f"quota.refused.{what}" for what in ("see", "see_group", "set", "set_own", "set_group")}
    | {f"figures.who.{who}" for who in ("team", "territory")}
    | {f"figures.row.{name}" for name in FIGURE_ROWS}
    | {f"figures.none.{each.none}" for each in FIGURES}
    | {f"figures.no_velocity.{why.value}" for why in NoVelocity}
    | {f"figures.left_out.{why.value}" for why in LeftOut}
    | {f"figures.column.{first}" for first in ("person", "source")}
    | {f"figures.button.{way}" for way in ("earlier", "later")}
    | {f"figures.counted.{what}" for what in COUNTED}
    | {f"capacity.column.{name}" for name in COLUMNS}
    | {f"coaching.ask.{code}" for code in COACHING_ASKS}
    | {f"coaching.agenda.{part}" for part in ("items", "praise", "numbers", "deals", "handoffs", "activity")}
    | {f"coaching.review.{part}" for part in ("numbers", "won", "said", "agreed", "learnt")}
    | {f"deals.late.{stage}" for stage in (Stage.WON, Stage.LOST)}
)


@cache
def _catalogue(language: str) -> Catalog:
    return read_catalogue(language)


def _asked_for() -> set[str]:
    """Every message key that stands as a text in the code."""
    found = set()
    for package in (bot, handlers):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            if path.name == "model.py" or "migrations" in path.parts:  # names of columns are written alike
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                    found.add(node.value)
    return found


def _texts(language: str) -> Iterator[tuple[str, str]]:
    for message in _catalogue(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield from ((key, form or "") for form in forms)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_stands_in_one_file_only(language: str) -> None:
    found = Counter(re.findall(r'^msgid "(.+)"$', "".join(p.read_text() for p in catalogue_paths(language)), re.M))
    assert [key for key, times in found.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_or_empty(language: str) -> None:
    texts = dict(_texts(language))
    assert {key for key, text in texts.items() if not text.strip()} == set()
    assert ENUMERATED - texts.keys() == set()


def test_every_problem_and_every_offer_has_its_words() -> None:
    known = {key for key, _ in _texts("en")}
    assert {f"log.problem.{code}" for code in FIELD_OF} - known == set()
    assert {key for key in _asked_for() if key.startswith("log.offer.")} - known == set()


def test_both_languages_have_the_same_messages_with_the_same_parameters() -> None:
    def shape(language: str) -> dict[str, set[str]]:
        fields: dict[str, set[str]] = {}
        for key, text in _texts(language):
            fields.setdefault(key, set()).update(_fields(text))
        return fields

    assert shape("en") == shape("ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_its_forms(language: str) -> None:
    forms = {"en": 2, "ru": 3}[language]
    for message in _catalogue(language):
        if isinstance(message.id, tuple | list):
            assert len([form for form in message.string or () if form]) == forms, message.id


def test_the_code_asks_for_nothing_that_is_not_there() -> None:
    own_ids = {value for value in vars(ids).values() if isinstance(value, str)}
    known = {key for key, _ in _texts("en")}
    assert _asked_for() - known - own_ids == set()


def test_no_message_outlives_the_code_that_asked_for_it() -> None:
    families = {f"log.problem.{code}" for code in FIELD_OF} | {
        f"help.log.{part}" for part in ("examples", "words", "more")
    }
    known = {key for key, _ in _texts("en")}
    assert known - _asked_for() - ENUMERATED - families == set()


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ru-RU", "ru"), ("ru", "ru"), ("en-US", "en"), ("de-DE", "en"), ("", "en"), (None, "en"), ("RU_ru", "ru")],
)
def test_the_language_follows_slack_and_is_english_in_doubt(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("calls", "goal", "said"),
    [("1", 40, "1 из 40 звонков сегодня"), ("0", 1, "0 из 1 звонка сегодня"), ("5", 22, "5 из 22 звонков сегодня")],
)
def test_russian_counts_agree_with_their_noun(calls: str, goal: int, said: str) -> None:
    assert words_for("ru").plural("log.count_today", goal, calls=calls, goal=str(goal)) == said
