"""Companies as the business register (市场主体登记) knows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from emitters.facts import CheckContext
from emitters.outside import OutsideRow

_GONE = ("注销", "吊销", "撤销")
_UNKNOWN = ("查无", "未查到", "不存在", "无登记")
# A state owner controls thousands of companies: that two have it in common says nothing.
_PUBLIC = ("国有资产监督管理", "国资委", "人民政府", "财政厅", "财政局", "财政部")
_SEPARATORS = re.compile(r"[\s\-－—()（）,，。.]+")
_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Company:
    """One company. `since` and `until` bound its existence where they are known."""

    name: str
    code: str
    status: str
    representative: str
    controller: str
    address: str
    phone: str
    since: date | None
    until: date | None
    place: str

    @property
    def unknown(self) -> bool:
        """The register was asked and has no such company."""
        return any(word in self.status for word in _UNKNOWN)

    @property
    def ended(self) -> bool:
        """Struck off or revoked, on whatever day."""
        return any(word in self.status for word in _GONE)

    def gone_on(self, day: date) -> bool:
        """Certainly struck off before that day."""
        return self.ended and self.until is not None and self.until < day

    def founded_after(self, day: date) -> bool:
        """Did not exist yet."""
        return self.since is not None and day < self.since

    def shared(self, other: "Company") -> dict[str, str]:
        """What both have in common, by label: who leads or controls them, where they sit."""
        pairs = {
            "法定代表人": (self.representative, other.representative),
            "实际控制人": (_private(self.controller), _private(other.controller)),
            "住所": (self.address, other.address),
            "联系电话": (_number(self.phone), _number(other.phone)),
        }
        return {
            label: mine for label, (mine, theirs) in pairs.items() if mine and _same(mine, theirs)
        }


def _same(one: str, other: str) -> bool:
    return _SEPARATORS.sub("", one) == _SEPARATORS.sub("", other)


def _private(controller: str) -> str:
    return "" if any(word in controller for word in _PUBLIC) else controller


def _number(phone: str) -> str:
    """Digits of a telephone number; a switchboard's placeholder of one repeated digit is none."""
    digits = "".join(c for c in phone if c.isdigit())
    own = digits[-_PHONE_DIGITS:]
    return digits if len(own) == _PHONE_DIGITS and len(set(own)) > 1 else ""


@dataclass(frozen=True)
class Register:
    """Companies by code and by name; the last record of a company counts."""

    by_code: dict[str, Company]
    by_name: dict[str, Company]

    @classmethod
    def of(cls, ctx: CheckContext) -> "Register":
        """What is known of the companies around a report; empty without records."""
        rows: Iterable[OutsideRow] = ctx.outside.of("business") if ctx.outside is not None else ()
        found = [_company(row) for row in rows]
        return cls({c.code: c for c in found if c.code}, {c.name: c for c in found})

    def find(self, name: str, code: str = "") -> Company | None:
        """By code, else by name."""
        return (self.by_code.get(code) if code else None) or self.by_name.get(name)


def _company(row: OutsideRow) -> Company:
    text = {
        name: str(row[name] or "").strip()
        for name in ("name", "code", "status", "representative", "controller", "address", "phone")
    }
    return Company(since=row["since"], until=row["status_day"], place=row.place, **text)
