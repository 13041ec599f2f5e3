"""Who does which kind of background work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from carbonwatch.jobs.models import Job

Work = Callable[[Job], None]
OnRefused = Callable[[Job, str], None]


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done.

    `work(job)` must be safe to run twice and end with `finish` or `refuse` in the transaction that
    stores its effect. `on_refused(job, reason)` runs in the transaction that gives the job up.
    """

    kind: str
    work: Work
    on_refused: OnRefused | None
    lease: timedelta
    attempts: int


_HANDLERS: dict[str, Handler] = {}


def job_handler(
    kind: str, *, lease_seconds: int = 120, attempts: int = 2, on_refused: OnRefused | None = None
) -> Callable[[Work], Work]:
    """Register the work of a kind of job: `@job_handler("report.intake", on_refused=give_up)`.

    `lease_seconds` is the longest time between two signs of life (claim, `progress`).
    """

    def keep(work: Work) -> Work:
        known = _HANDLERS.get(kind)
        if known is not None and known.work is not work:
            raise ValueError(f"two handlers for {kind}")
        _HANDLERS[kind] = Handler(
            kind, work, on_refused, timedelta(seconds=lease_seconds), attempts
        )
        return work

    return keep


def handler_of(kind: str) -> Handler:
    """The handler of a kind; `LookupError` when none is registered."""
    try:
        return _HANDLERS[kind]
    except KeyError:
        raise LookupError(f"no handler for jobs of kind {kind!r}") from None
