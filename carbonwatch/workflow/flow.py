"""The life of a matter as a table: states, steps, who, guards.

The service that moves a matter and the page that shows its buttons ask the same table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.refusals import Forbidden, GuardFailed, WrongState

Guard = Callable[[Any, Actor], object | None]
"""Returns the reason why the step is closed, or None."""


@dataclass(frozen=True)
class State:
    """A state and what a page must say of it: who acts next (a permission), in how many days by
    default (working days when `working`), and what happens then."""

    code: str
    label: object
    then: object = ""
    who: str | None = None
    days: int | None = None
    tone: str = "info"  # info, warning, danger, success, neutral: the colour of the badge
    working: bool = False

    @property
    def final(self) -> bool:
        """Nobody has to act any more."""
        return self.who is None


@dataclass(frozen=True)
class Step:
    """One way from a state to another. `not_by` names fields of the matter holding the people who
    may not take it: nobody accepts their own work."""

    code: str
    label: object
    sources: frozenset[str]
    target: str
    perm: str
    guards: tuple[Guard, ...] = ()
    not_by: tuple[str, ...] = ()
    tone: str = "primary"


@dataclass(frozen=True)
class Offer:
    """A step as a page shows it: open, or closed with the reason."""

    step: Step
    reason: object | None

    @property
    def open(self) -> bool:
        """Whether the button can be pressed."""
        return self.reason is None


def step(
    code: str,
    label: object,
    sources: Iterable[str],
    target: str,
    perm: str,
    *guards: Guard,
    not_by: tuple[str, ...] = (),
    tone: str = "primary",
) -> Step:
    """A step, written short."""
    return Step(
        code,
        label,
        frozenset(str(s) for s in sources),
        str(target),
        str(perm),
        guards,
        not_by,
        tone,
    )


_FLOWS: dict[str, "Flow"] = {}


def flow_named(code: str) -> "Flow":
    """The declared flow with that code (KeyError when there is none)."""
    return _FLOWS[code]


@dataclass(frozen=True)
class Flow:
    """A named life: `Flow("report", _("排放报告"), states=(...), steps=(...))`."""

    code: str
    label: object
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    _states: dict[str, State] = field(init=False, repr=False, default_factory=dict)
    _steps: dict[str, Step] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        _FLOWS[self.code] = self
        self._states.update({str(s.code): s for s in self.states})
        self._steps.update({s.code: s for s in self.steps})
        for s in self.steps:
            unknown = {s.target, *s.sources} - self._states.keys()
            if unknown:
                raise ValueError(f"{self.code}.{s.code} names unknown states {unknown}")

    @property
    def choices(self) -> list[tuple[str, object]]:
        """For the status field of the model."""
        return [(str(s.code), s.label) for s in self.states]

    def state(self, code: str) -> State:
        """The state with that code."""
        return self._states[str(code)]

    def step(self, code: str) -> Step:
        """The step with that code."""
        return self._steps[code]

    def closed_because(self, step: Step, matter: Any, actor: Actor) -> object | None:
        """Why the actor cannot take the step now; None when it is open."""
        if str(matter.status) not in step.sources:
            return _("当前状态为“%(state)s”，不能办理“%(step)s”。") % {
                "state": self.state(matter.status).label,
                "step": step.label,
            }
        for name in step.not_by:
            if getattr(matter, f"{name}_id") == actor.user.pk:
                return _("您办理过本事项的前一环节，须由另一人办理“%(step)s”。") % {
                    "step": step.label
                }
        for guard in step.guards:
            reason = guard(matter, actor)
            if reason:
                return reason
        return None

    def require(self, code: str, matter: Any, actor: Actor) -> Step:
        """The step, or the refusal: forbidden, wrong state, guard failed."""
        wanted = self.step(code)
        if not actor.may(wanted.perm):
            raise Forbidden()
        if str(matter.status) not in wanted.sources:
            raise WrongState(
                self.closed_because(wanted, matter, actor) or gettext("状态已变化，请刷新页面。")
            )
        reason = self.closed_because(wanted, matter, actor)
        if reason:
            raise GuardFailed(reason)
        return wanted

    def offers(self, matter: Any, actor: Actor) -> list[Offer]:
        """The steps that the actor's posts allow in the matter's state, each open or with its reason."""
        return [
            Offer(s, self.closed_because(s, matter, actor))
            for s in self.steps
            if str(matter.status) in s.sources and actor.may(s.perm)
        ]
