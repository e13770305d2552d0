"""A typed line as plain text and words: Slack's escapes undone once, quotes kept whole, every word with its place.

What is compared is folded (case, width, ё, dashes, quotes, invisible marks); what is stored is cut out of the
text as the person typed it.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

_DASHES = "-‐‑‒–—―−﹘﹣－"
_CLOSING = {'"': '"', "“": "”", "”": "”", "„": "“”", "‟": "”", "«": "»", "»": "«", "＂": "＂"}
_QUOTES = "".join(_CLOSING)
_EDGES = ',;:!?.()[]"~'

_SAME = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_QUOTES, '"'), **dict.fromkeys("’‘ʼ", "'"), "ё": "е"}
)
# Soft hyphens, zero-width marks, direction marks, variation selectors and skin tones say nothing to a reader of words.
_UNSEEN = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
# PostgreSQL takes no NUL and UTF-8 no lone surrogate; neither is ever typed on purpose.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_EMOJI_NAME = re.compile(r":[\w+'-]+:")
_HANDLE = re.compile(r"<?[@#!]\S")
_ESCAPED = re.compile(r"<([^<>]*)>|&(lt|gt|amp);")
_ENTITY = {"lt": "<", "gt": ">", "amp": "&"}
_USER = re.compile(r"@([UW][A-Z0-9]+)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WORD = re.compile(r"[wW]/(?=\w\w)|\S+")
_DECIMAL = re.compile(r"(?<![.,])[.,]\d+(?![\d:./-])")
_ANY_QUOTE = re.compile(f"[{_QUOTES}]")


class Token(NamedTuple):
    """One word, one quoted text, or one mention of a colleague.

    `text` is what stands there (of a quoted text: what stands between the quotes), `word` its folded form,
    `start` and `end` its place in the line's plain text, `user` the Slack id that a mention names.
    """

    text: str
    word: str
    start: int
    end: int
    quoted: bool = False
    user: str | None = None

    @property
    def spoken(self) -> str:
        """The word as far as it may be one of a command's own: "" if it is quoted or a mention."""
        return "" if self.quoted or self.user else self.word

    @property
    def plain(self) -> str:
        """The same, and "" for a remark too."""
        return "" if self.is_remark else self.spoken

    @property
    def is_dash(self) -> bool:
        """Whether it is the dash that a note stands behind."""
        return not self.quoted and len(self.text) <= 3 and self.text.strip(_DASHES) == ""

    @property
    def is_remark(self) -> bool:
        """Whether it is an emoji, a handle, a channel or a special mention: never a part of a name."""
        if self.quoted or self.text[0].isalnum():
            return False
        if _HANDLE.match(self.text) or _EMOJI_NAME.fullmatch(self.text):
            return True
        return not any(map(str.isalnum, self.text)) and any(unicodedata.category(c) == "So" for c in self.text)


class Line(NamedTuple):
    """A line as plain text, and its tokens."""

    text: str
    tokens: tuple[Token, ...]

    def said(self, first: int, last: int) -> str:
        """What tokens `first` up to, not including, `last` say; one quoted text says what is between its quotes."""
        if first >= last:
            return ""
        if last - first == 1 and self.tokens[first].quoted:
            return self.tokens[first].text
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def typed(self, first: int, last: int | None = None) -> str:
        """Everything from token `first` on (up to, not including, `last`) as Slack sends it, mentions and all."""
        tokens = self.tokens[first:last]
        pieces, done = list[str](), tokens[0].start if tokens else len(self.text)
        for token in tokens:
            if token.user:
                label = f"|{escaped(token.text[1:])}" if token.text.startswith("@") else ""
                pieces += [escaped(self.text[done : token.start]), f"<@{token.user}{label}>"]
                done = token.end
        end = len(self.text) if last is None or not tokens else tokens[-1].end
        return "".join([*pieces, escaped(self.text[done:end])]).strip()

    def is_torn(self, token: Token) -> bool:
        """Whether it begins with a quote that its own partner does not close, so that words put behind it might."""
        opening = self.text[token.start]
        closed = token.quoted and self.text[token.end - 1] in _CLOSING[opening]
        return opening in _CLOSING and not closed


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, case-folded, ё as е, plain dashes and quotes.

    Folding it again changes nothing.
    """
    if text.isascii():
        return text.lower()
    folded = _fold_once(text)
    while folded != (again := _fold_once(folded)):
        folded = again
    return folded


def _fold_once(text: str) -> str:
    seen = _UNSEEN.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).translate(_SAME)


def keyed(text: str) -> str:
    """Folded words without the punctuation at their edges, one space between: «ООО "Ромашка"» is `ооо ромашка`."""
    return " ".join(_core(word) for word in fold(text).split())


def _core(word: str) -> str:
    if word[0] == ":" and _EMOJI_NAME.fullmatch(word):
        return word
    core = word.strip(_EDGES) or word
    point = word.find(core) - 1
    return word[point] + core if point >= 0 and _DECIMAL.match(word, point) else core  # `.5h` is not `5h`


def plain_text(text: str) -> str:
    """What a person sees of a text that Slack sends: its escapes undone once, mentions and links by their names."""
    return _plain(_UNSTORABLE.sub(" ", text))[0]


def storable(text: str) -> str:
    """Text that was typed into a form, as it may be stored: without the characters that no store takes."""
    return _UNSTORABLE.sub(" ", text).strip()


def words_of(text: str) -> frozenset[str]:
    """The words of a text, for a table of words that mean the same."""
    return frozenset(text.split())


def escaped(text: str) -> str:
    """Plain text in the form that Slack sends and shows: `&`, `<` and `>` as entities, nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """The text in quotes, so that it is read back as it stands; a quote inside is doubled."""
    return '"' + text.replace('"', '""') + '"'


def read_line(text: str) -> Line:
    """Read a text as Slack sends it: its plain text and tokens. Total: every string has a reading."""
    plain, mentions = _plain(_UNSTORABLE.sub(" ", text))
    starts = sorted(mentions)
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        token = _token(plain, at, mentions, starts)
        tokens.append(token)
        at = token.end
    return Line(plain, tuple(tokens))


def _token(plain: str, start: int, mentions: dict[int, tuple[int, str]], starts: Sequence[int]) -> Token:
    if start in mentions:
        end, user = mentions[start]
        return Token(plain[start:end], "", start, end, user=user)
    closing = _closing(plain, start) if plain[start] in _CLOSING else -1
    if closing >= 0:
        inside = plain[start + 1 : closing]
        text = (inside.replace('""', '"') if plain[start] == '"' else inside).strip()
        return Token(text, keyed(text), start, closing + 1, quoted=True)
    found = _WORD.match(plain, start)
    assert found is not None
    end = found.end()
    following = bisect_right(starts, start)
    if following < len(starts):
        end = min(end, starts[following])
    text = plain[start:end]
    return Token(text, keyed(text), start, end)


def _closing(plain: str, start: int) -> int:
    """Where the quote opened at `start` closes, or -1. Its own partner goes before any other quote."""
    partners = _CLOSING[plain[start]]
    places = [place for partner in partners if (place := _partner(plain, partner, start + 1)) >= 0]
    if places:
        return min(places)
    found = _ANY_QUOTE.search(plain, start + 1)
    return found.start() if found else -1


def _partner(plain: str, quote: str, start: int) -> int:
    place = plain.find(quote, start)
    while quote == '"' and place >= 0 and plain.startswith('"', place + 1):
        place = plain.find(quote, place + 2)
    return place


def _plain(text: str) -> tuple[str, dict[int, tuple[int, str]]]:
    """The text with Slack's escapes undone exactly once, and the mentions in it: start -> (end, user id)."""
    if "<" not in text and "&" not in text:
        return text, {}
    pieces: list[str] = []
    mentions: dict[int, tuple[int, str]] = {}
    length = done = 0
    for found in _ESCAPED.finditer(text):
        shown, user = (_ENTITY[found[2]], None) if found[2] else _shown(_unescaped(found[1]))
        before = text[done : found.start()]
        start = length + len(before)
        length = start + len(shown)
        done = found.end()
        pieces += (before, shown)
        if user:
            mentions[start] = (length, user)
    return "".join((*pieces, text[done:])), mentions


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(inside: str) -> tuple[str, str | None]:
    """What stands for `<inside>` in plain text, and the user it mentions. Slack: the part after `|` is the label."""
    target, _, label = inside.partition("|")
    if user := _USER.fullmatch(target):
        return (f"@{label}" if label else f"<{target}>"), user[1]
    if target.startswith("#") and label:
        return f"#{label}", None
    if target.startswith("!") and label:
        return label, None
    if _SCHEME.match(target):
        return _address(target, label), None
    return f"<{inside}>", None


def _address(target: str, label: str) -> str:
    if target.startswith(("mailto:", "tel:")):
        return target.partition(":")[2]
    # Slack makes a link of a bare `acme.example`: the label is then what the person typed.
    return label if label and target.rstrip("/").endswith(f"//{label}") else target
