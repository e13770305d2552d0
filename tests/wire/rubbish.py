"""Requests as nobody would send them: payloads of every kind of Slack's with anything in any place."""

import json
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from hypothesis import strategies as st

from handlers import ids
from tests.wire.signed import TEAM

Body = dict[str, Any]

PEOPLE = ("U0ANA", "U0DANA", "U0MARIA", "U0SAM", "U0NOBODY")

NAMES = sorted({value for value in vars(ids).values() if isinstance(value, str) and not value.startswith("_")})
"""Every id that the code knows."""

WORDS = (
    "call", "email", "Acme", "15m", "connected", "next", "tue", "-", "won", "lost", "24k", "set", "revenue", "2026-Q4",
    "W48", "as", "of", "statement", "plan", "dispute", "3", "team", "assign", "<@U0ANA|ana>", "<@U0DANA>", "SDR", "to",
    "until", "away", "fri", "13:00-15:00", "what-if", "-5", "1e999", "٣", "00:00", "31 feb", "2026-02-30", "into",
    "merge", "score", "+10", '"', "“", "<!channel>", "звонок", "завтра", "territory", "EMEA",
    "99999999999999999999", "0", "%",
)  # fmt: skip

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from(NAMES),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=6,
)

ID = st.sampled_from([UUID(int=1).hex, str(UUID(int=2)), "1", "", "U0ANA", "T0BATON"])
SAID = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=60)
CARRIED = st.dictionaries(st.sampled_from([*string.ascii_lowercase, "url", "ids"]), ID | ANYTHING, max_size=6)
PACKED = CARRIED.map(lambda values: ids.pack(**{**values, "v": ids.VERSION})) | st.text(max_size=20) | st.none()
ELEMENT = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["plain_text_input", "static_select", "multi_users_select", "datepicker"]),
        "value": SAID | st.none(),
        "selected_option": st.none() | st.fixed_dictionaries({"value": SAID}),
        "selected_options": st.lists(st.fixed_dictionaries({"value": SAID}), max_size=2),
        "selected_users": st.lists(st.sampled_from(PEOPLE), max_size=2),
        "selected_user": st.sampled_from(PEOPLE) | st.none(),
        "selected_date": st.sampled_from(["2026-11-30", "2026-02-30", "", None]),
        "selected_conversation": st.sampled_from(["C0GENERAL", "", None]),
    },
)
FIELDS = st.sampled_from(
    ["who", "company", "kind", "note", "day", "steps", "start", "amount", "person", "email", "text"]
)
VIEW = st.fixed_dictionaries(
    {
        "id": st.just("V1"),
        "type": st.sampled_from(["modal", "home"]),
        "callback_id": st.sampled_from(NAMES),
        "private_metadata": PACKED.map(lambda value: value or ""),
        "blocks": st.just([]),
        "state": st.fixed_dictionaries(
            {"values": st.dictionaries(FIELDS, st.dictionaries(st.just("value"), ELEMENT, min_size=1, max_size=1))}
        ),
        "previous_view_id": st.just("V0"),
    }
)


def _of(person: str, **more: Any) -> Body:
    return {"team": {"id": TEAM}, "user": {"id": person}, "trigger_id": "1.1", "api_app_id": "A1", **more}


@st.composite
def press(draw: st.DrawFn) -> Body:
    """A button of ours, or of nobody's, with anything in it."""
    name = draw(st.sampled_from(NAMES) | st.text(max_size=10))
    action = {
        "type": draw(st.sampled_from(["button", "overflow", "checkboxes", "static_select", "users_select"])),
        "action_id": name + draw(st.sampled_from(["", ".0", ".7"])),
        "block_id": draw(st.sampled_from([*NAMES, "deal.tick:1:demo:a", "x"])),
        "value": draw(PACKED),
        "action_ts": "1.1",
        **draw(ELEMENT),
    }
    place = draw(st.sampled_from(["message", "view"]))
    more: Body = {"view": draw(VIEW)} if place == "view" else {"message": {"ts": "1.1", "text": "x", "blocks": []}}
    container = {"type": place, "is_ephemeral": draw(st.booleans()), "message_ts": "1.1", "channel_id": "C0GENERAL"}
    more |= {"container": container, "channel": {"id": "C0GENERAL"}, "response_url": "http://127.0.0.1:9/x"}
    return _of(draw(st.sampled_from(PEOPLE)), type="block_actions", actions=[action], **more)


@st.composite
def submission(draw: st.DrawFn) -> Body:
    """A form of ours, filled in with anything."""
    kind = draw(st.sampled_from(["view_submission", "view_closed"]))
    return _of(draw(st.sampled_from(PEOPLE)), type=kind, view=draw(VIEW), response_urls=[])


@st.composite
def shortcut(draw: st.DrawFn) -> Body:
    """A message's menu."""
    message = {"type": "message", "text": draw(SAID), "user": draw(st.sampled_from(PEOPLE)), "ts": "1.1"}
    name = draw(st.sampled_from([ids.LOG_SHORTCUT, ids.LEAD_SHORTCUT, "x"]))
    more = {"message": message, "channel": {"id": "C1"}, "response_url": "http://127.0.0.1:9/x", "callback_id": name}
    return _of(draw(st.sampled_from(PEOPLE)), type="message_action", **more)


@st.composite
def event(draw: st.DrawFn) -> Body:
    """Something that happened."""
    kind = draw(st.sampled_from(["app_home_opened", "user_change", "team_join", "message", "tokens_revoked", "x"]))
    person = draw(st.sampled_from(PEOPLE))
    user = {"id": "U0NEW", "team_id": TEAM, "profile": draw(ANYTHING), "tz": draw(SAID), "locale": draw(SAID)}
    about: Body = {"type": kind, "user": person if kind == "app_home_opened" else user, "tab": "home", "channel": "D1"}
    return {"type": "event_callback", "team_id": TEAM, "event": about, "event_id": draw(st.text(max_size=8))}


@st.composite
def command(draw: st.DrawFn) -> str:
    """A line behind any command, with fields of a form that are of any sort."""
    fields = {
        "command": draw(st.sampled_from([name for name in NAMES if name.startswith("/")] + ["/x"])),
        "text": draw(SAID),
        "team_id": draw(st.sampled_from([TEAM, TEAM, TEAM, "T0OTHER", ""])),
        "user_id": draw(st.sampled_from(PEOPLE)),
        "channel_id": "C0GENERAL",
        "trigger_id": draw(st.text(max_size=8)),
        "response_url": "http://127.0.0.1:9/x",
    }
    left_out = draw(st.sets(st.sampled_from(sorted(fields)), max_size=2) | st.just(set()))
    return urlencode({name: value for name, value in fields.items() if name not in left_out}, errors="replace")


@st.composite
def mangled(draw: st.DrawFn) -> Body:
    """A payload of any kind in which something is missing, or is something else."""
    body: Body = draw(press() | submission() | shortcut() | event())
    found = json.loads(json.dumps(body))
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, found)
    return dict(found)


def _change(draw: st.DrawFn, body: Body) -> None:
    """Walk some way down, and change what is there."""
    here: Any = body
    while True:
        keys = sorted(here) if isinstance(here, Mapping) else list(range(len(here)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and here[key] and draw(st.booleans()):
            here = here[key]
            continue
        if draw(st.booleans()) and isinstance(here, dict):
            del here[key]
        else:
            here[key] = draw(ANYTHING)
        return


def form(payload: Any) -> str:
    """A payload of a press, a form or a shortcut as Slack posts it."""
    return urlencode({"payload": json.dumps(payload)}, errors="replace")
