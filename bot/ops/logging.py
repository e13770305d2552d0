"""One log for our own events and for what the libraries say, as lines for people or as JSON."""

import logging
import sys
from typing import Literal

import structlog

SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)

CHATTY = ("slack_sdk", "slack_bolt", "uvicorn", "websockets", "alembic", "apscheduler", "httpx")
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
                structlog.processors.format_exc_info,
                final,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _console() -> structlog.types.Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
