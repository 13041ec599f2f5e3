"""Log lines: JSON in production, readable in development, each with the id of its request."""

from typing import Any

import structlog
from structlog.types import EventDict, Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
NOISE = ("request", "response", "server_time", "status_code", "data", "color_message", "taskName")


def drop_noise(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Leave out objects that Django and Celery attach: not for reading, perhaps private."""
    for name in NOISE:
        event.pop(name, None)
    return event


class Formatter(structlog.stdlib.ProcessorFormatter):
    """For `LOGGING`; `json=True` writes one JSON object a line (Chinese text as it is)."""

    def __init__(self, *_args: Any, json: bool = False, **_kwargs: Any) -> None:
        super().__init__(
            foreign_pre_chain=SHARED, processors=_json_chain() if json else _readable_chain()
        )


def _json_chain() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        drop_noise,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]


def _readable_chain() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        drop_noise,
        structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]
