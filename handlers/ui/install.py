"""The pages that a browser shows while somebody installs Baton."""

from html import escape

from bot.words import Words

STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;color:#1d1c1d;background:#f6f5f1;margin:0}"
    "main{max-width:34em;margin:12vh auto;padding:2.5em;background:#fff;border-radius:12px}"
    "h1{font-size:1.5em;margin:0 0 .6em}a{display:inline-block;margin-top:1em;padding:.6em 1.2em;border-radius:8px;"
    "background:#1f4d3d;color:#fff;text-decoration:none}a:focus-visible{outline:3px solid #83b9a4}"
    "@media(prefers-color-scheme:dark){body{background:#19171d;color:#e8e6e3}main{background:#222029}}"
)


def start(words: Words, url: str) -> str:
    """What Baton does, and the way to Slack."""
    lines = [words("install.start.what"), words("install.start.asks"), words("install.start.takes_away")]
    return _page(words, words("install.start.title"), lines, url, words("install.start.go"))


def done(words: Words, name: str, url: str) -> str:
    """It is installed; `url` opens it in Slack."""
    lines = [words("install.done.where", name=name), words("install.done.next")]
    return _page(words, words("install.done.title"), lines, url, words("install.done.go"))


def failed(words: Words, key: str, again: str) -> str:
    """Why it is not installed, and the way back to the start. A page that is opened again, with a state that has been
    used, says nothing of whether Baton is there.
    """
    title = "install.failed.state.title" if key == "install.failed.state" else "install.failed.title"
    return _page(words, words(title), [words(key)], again, words("install.failed.go"))


def _page(words: Words, title: str, lines: list[str], url: str, label: str) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"</head><body><main><h1>{escape(title)}</h1>{paragraphs}"
        f'<a href="{escape(url)}">{escape(label)}</a></main></body></html>'
    )
