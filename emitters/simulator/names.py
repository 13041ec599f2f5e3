"""Made-up names, codes and people. Nothing here can be a real company, laboratory or person.

Every company name starts with 样本, and every credit code carries the district digits 99, which
GB/T 2260 gives to no district: a register cannot hold such a code.
"""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英华玉兰飞鹏辉云波宁"
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LABORATORY_COUNT = 12
_LAB_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A made-up coal laboratory. `prefix` opens its report numbers; `carbon_bias` (share) and
    `heat_bias` (GJ/t) stay inside the reproducibility of GB/T 476 and GB/T 213, `care` multiplies
    the noise of its tests."""

    index: int
    name: str
    certificate: str
    prefix: str
    testers: tuple[str, ...]
    reviewers: tuple[str, ...]
    carbon_bias: float
    heat_bias: float
    care: float


def person(rng: Random) -> str:
    """A random common surname with one or two given characters."""
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def credit_code(rng: Random, region: str) -> str:
    """A code with a valid GB 32100 check character, in district 99 of a city (`2101`)."""
    body = f"91{region}99" + "".join(rng.choice(_CODE_LETTERS) for _ in range(9))
    return body + uscc.calc_check_digit(body)


def stem(index: int) -> str:
    """The marker of the made-up company number `index`: 样本辛007."""
    return f"样本{STEMS[index % len(STEMS)]}{index:03d}"


def laboratory(index: int) -> Laboratory:
    """The made-up laboratory of that index, the same in every province."""
    index %= LABORATORY_COUNT
    rng = Random(f"laboratory-{index}")  # noqa: S311
    ordinal = _LAB_ORDINALS[index] if index < 10 else "十" + _LAB_ORDINALS[index - 10]
    return Laboratory(
        index=index,
        name=f"样本第{ordinal}煤质检验中心",
        certificate=f"CMA2106{index + 1:08d}",
        prefix="".join(rng.sample("ABCDEFGHJKMNPQRSTUWXYZ", 2)),
        testers=tuple(person(rng) for _ in range(3)),
        reviewers=tuple(person(rng) for _ in range(2)),
        carbon_bias=rng.gauss(0, 0.0025),
        heat_bias=rng.gauss(0, 0.04),
        care=rng.uniform(0.7, 1.5),
    )
