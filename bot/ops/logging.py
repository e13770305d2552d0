"""One log for our own events and for what the libraries say, as lines for people or as JSON."""

import logging
import sys
import traceback
from collections.abc import Callable
from typing import Literal

import structlog
from structlog.typing import ExcInfo

SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)

CHATTY = (
    "slack_sdk",
    "slack_bolt",
    "uvicorn",
    "websockets",
    "alembic",
    "apscheduler",
    "httpx",
    "opentelemetry",
    "urllib3",
)
"""Libraries whose lines below a warning help nobody who runs Baton; some of them hold what people typed."""


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Send everything to stderr in one form."""
    final = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _console()
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(where_it_happened),
                final,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class Errors(logging.Handler):
    """Hears of every line that tells of an error until it is closed: by its event, or the library that says it."""

    def __init__(self, told: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._told = told
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        said: object = record.msg
        self._told(str(said.get("event")) if isinstance(said, dict) else record.name.split(".")[0])

    def close(self) -> None:
        """Hear no more."""
        logging.getLogger().removeHandler(self)
        super().close()


def where_it_happened(exc_info: ExcInfo) -> str:
    """A traceback without the errors' own words: they hold what people typed, or what stands in a row."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        lines += [*traceback.format_tb(error.__traceback__), f"{type(error).__module__}.{type(error).__qualname__}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        lines += ["which came of:\n"] if error else []
    return "".join(["Traceback (most recent call last):\n", *lines]).rstrip()


def _console() -> structlog.types.Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
