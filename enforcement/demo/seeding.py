"""Fills an empty database with the made-up province, the most telling part first."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import F

from carbonwatch.notifications.models import Notification
from emitters.models import AnnualReport, EmittingUnit, Question
from emitters.outside import OutsideRow
from emitters.simulator import Plant, plants_of
from enforcement.demo import campaigns, reports
from enforcement.demo.assignments import verify_reports
from enforcement.demo.cases import open_cases, publish_notices
from enforcement.demo.clock import Clock, recent, season
from enforcement.demo.draws import hold_draws
from enforcement.demo.findings import FROM_CHECK, Inspection, visit
from enforcement.demo.inspections import inspect
from enforcement.demo.inspectors import keep_apart, list_inspectors
from enforcement.demo.outside import Bringing
from enforcement.demo.people import make_people
from enforcement.demo.quarters import report_quarters
from enforcement.demo.rectification import rectify, settle
from enforcement.demo.selfinspections import answer, ask
from enforcement.demo.tips import tell
from enforcement.demo.units import oblige, register
from enforcement.demo.workbooks import Shelf, shelves
from enforcement.demo.workplans import carry_out, plan_year
from inspections.models import Finding

CORE = 12  # units with work in every state; the others follow
READ_DAYS = 20  # older messages count as read
Say = Callable[[str], object]


@dataclass
class Seeding:
    """A province in the making."""

    seed: int
    years: Sequence[int]
    now: datetime
    say: Say
    units: dict[int, EmittingUnit] = field(default_factory=dict)
    plants: dict[int, Plant] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def run(self, count: int) -> None:
        """People and units, a core with work in every state, then the rest; commits as it goes."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")  # made-up data can be made again
        plants = plants_of(self.seed, count, self.years)
        self.cast = make_people(self.seed, plants, self.now)
        self.plants = {p.index: p for p in plants}
        self.units = register(plants, self.now)
        listed = list_inspectors(self.cast, self.now)
        apart = [(self.units[p.index], p) for p in plants if p.index > CORE]
        keep_apart(listed, apart[:4], self.cast, self.now)
        plan_year(plants, self.cast, self.now)
        self._tell(f"{count} 家单位及各级人员已就绪")
        records: list[OutsideRow] = []
        questioned = [n for n, fate in enumerate(reports.NEWEST, 1) if fate in reports.QUESTIONED]
        for n, shelf in enumerate(shelves(self.seed, count, self.years, questioned), 1):
            self._unit(shelf)
            records += shelf.records
            if n == min(CORE, count):
                self._work([p for p in self.plants if p <= n])
                self._tell(f"前 {n} 家单位的报告、核查、问题和案件已就绪")
                Bringing(self.cast, recent(25, self.now, self._rng("outside"))).run(records)
                self._tell("部门数据已导入并重新校核")
            elif n % 6 == 0 or n == count:
                self._tell(f"{n}/{count} 家单位的报告已就绪")
        if count > CORE:
            self._verify([p for p in self.plants if p > CORE])
        campaigns.run(self.units, self.plants, self.cast, self.now, self._rng("campaign"))
        hold_draws(self.units.values(), self.cast, self.years[-1], self.now, self._rng("draws"))
        report_quarters(self.cast, self.now)
        self._read_old_messages()
        self._tell("演示数据已全部生成")

    def _tell(self, text: str) -> None:
        self.say(f"{text}（{time.monotonic() - self.began:.0f} 秒）")

    def _rng(self, *parts: object) -> Random:
        return Random("/".join(map(str, ("demo", self.seed, *parts))))  # noqa: S311

    def _unit(self, shelf: Shelf) -> None:
        """All years of one unit, oldest first."""
        index = shelf.plant.index
        for year in self.years:
            rng = self._rng(index, year)
            fate = self._fate(index, year)
            finished = fate is reports.past or fate in reports.FINISHED
            overdue = fate is reports.awaited and index % 2
            report = oblige(
                self.units[index], year, self.now, extended=not finished and not overdue
            )
            clock = season(year, self.now, rng) if finished else recent(28, self.now, rng)
            filing = reports.Filing(shelf, report, self.cast, clock, rng, self._upheld)
            try:
                fate(filing)
                settle(report, self.plants[index], self.cast, filing.clock)
            except reports.StillFatal:
                self.say(f"{report}：仍有致命问题，留作草稿")

    def _fate(self, index: int, year: int) -> Callable[[reports.Filing], None]:
        if year != self.years[-1]:
            return reports.past
        fates = reports.NEWEST if index <= CORE else reports.USUAL
        return fates[(index - 1) % len(fates)]

    def _upheld(self, question: Question, clock: Clock) -> None:
        """An upheld question becomes a finding: long put right, or in rectification now."""
        report = question.report
        index = next(i for i, u in self.units.items() if u.pk == report.unit_id)
        newest = report.year == self.years[-1]
        inspection = Inspection(
            self.units[index],
            self.plants[index],
            report.year,
            self.cast,
            Clock(clock.at, self.now, self._rng("upheld", question.fingerprint)),
        )
        inspection.run(FROM_CHECK, "ordered" if newest else "accepted", question)

    def _work(self, indices: Sequence[int]) -> None:
        """Verification, findings, cases and notices over the core."""
        self._verify(indices)
        rng = self._rng("findings")
        found = []
        for turn in range(max(len(indices), 9)):
            index = indices[turn % len(indices)]
            found.append(
                visit(
                    self.units[index], self.plants[index], self.years[-1], self.cast, self.now,
                    rng, turn,
                )
            )  # fmt: skip
        rectify(
            [(self.units[i], self.plants[i]) for i in indices], self.years[-1], self.cast, self.now,
            self._rng("rectification"),
        )  # fmt: skip
        asked = ask(self.cast, self.years[-1], recent(20, self.now, rng).at)
        for turn, index in enumerate(indices):
            clock = recent(15, self.now, self._rng("self", index))
            answer(asked, self.units[index], self.plants[index], self.cast, clock, turn)
            carry_out(
                turn, self.units[index], self.plants[index], self.years[-1], self.cast, self.now
            )
            inspect(
                self.units[index], self.plants[index], self.years[-1], self.cast, self.now,
                self._rng("inspections", index), turn,
            )  # fmt: skip
        tell([self.plants[i] for i in indices], self.cast, self.now, self._rng("tips"))
        standing = Finding.objects.filter(pk__in=[f.pk for f in found]).exclude(
            status__in=["registered", "rejected", "merged"]
        )
        chosen = list(standing.select_related("unit__organisation").order_by("pk"))
        cases = open_cases(chosen, self.cast, self.now, rng)
        for case in cases:
            case.refresh_from_db()
        publish_notices(chosen, cases, self.cast, self.now, rng)

    def _verify(self, indices: Sequence[int]) -> None:
        mine = [self.units[i].pk for i in indices]
        counting = (
            AnnualReport.objects.filter(
                unit__in=mine, current__status__in=["submitted", "accepted"]
            )
            .select_related("unit")
            .order_by("-year", "unit__organisation__code")
        )
        verify_reports(
            list(counting), self.years[-1], self.cast, self.now, self._rng("verify", indices[0])
        )

    def _read_old_messages(self) -> None:
        old = Notification.objects.filter(
            at__lt=self.now - timedelta(days=READ_DAYS), read_at__isnull=True
        )
        old.update(read_at=F("at") + timedelta(days=1))
