"""What a good finding names: per way the checks that point at it, per oddity what explains away."""

CARBON = ("PHY-C-NCV-", "PHY-CC-RANK", "PHY-CALORIFIC-MODEL", "PHY-ELEMENT-CLOSURE", "HIS-YOY",
          "HIS-CHANGEPOINT", "CON-FOUR-FACTOR", "PEER-ROBUST-Z", "PEER-SAME-COAL", "LAB-SOURCE-RECON",
          "LAB-RETEST", "LAB-MIX-HULL", "SVC-EFFECT")  # fmt: skip
COAL = ("CON-STOCK-BALANCE", "CON-BELT-VS-STOCKTAKE", "CON-HEATRATE-MODEL", "CON-DAILY-SUM", "HIS-YOY",
        "CON-FOUR-FACTOR", "PHY-BSUP-CLASS", "PHY-EFFICIENCY-CAP", "CON-COAL-INVOICE",
        "CON-OTHER-REPORTS", "PHY-CEMS-CO2", "PHY-SULPHUR-BALANCE", "PHY-ASH-BALANCE",
        "HIS-CHANGEPOINT", "PEER-ROBUST-Z")  # fmt: skip
PAPERS = ("LAB-",)
OUTPUT = ("PHY-BSUP-CLASS", "PHY-EFFICIENCY-CAP", "CON-HEATRATE-MODEL", "HIS-YOY", "CON-FOUR-FACTOR",
          "HIS-CHANGEPOINT", "PEER-ROBUST-Z", "CON-OTHER-REPORTS")  # fmt: skip
HEAT = ("PHY-BHEAT-RANGE", "ARI-HEAT-SPLIT", "PHY-HEAT-CAPACITY", "CON-HEAT-SETTLE",
        "CON-HEAT-SEASON")  # fmt: skip

NAMES = {
    "stock_adjustment": COAL,
    "unreported_purchases": COAL,
    "carbon_all_year": CARBON,
    "carbon_some_months": CARBON,
    "moisture_invented": ("ARI-C-BASIS", "PHY-MOISTURE", "ARI-NCV-BASIS", "LAB-INHOUSE-GAP", *CARBON),
    "heat_value_lowered": ("HIS-YOY", "CON-NCV-ENTRY-FIRED", "CON-HEATRATE-MODEL", "PHY-NCV-RANK",
                           "PHY-BSUP-CLASS", "PHY-EFFICIENCY-CAP", "CON-FOUR-FACTOR"),
    "oxidation_lowered": ("PHY-OXIDATION", "ARI-DEFAULT-VALUES"),
    "simple_average": ("ARI-ANNUAL-ROLLUP", "ARI-EMISSION-RECALC"),
    "default_avoided": ("ARI-DEFAULT-VALUES", "CON-METHOD-CHERRYPICK", "LAB-"),
    "batch_disguised": PAPERS,
    "dates_rewritten": PAPERS,
    "reused_across_months": (*PAPERS, "STA-", *CARBON),
    "reused_across_enterprises": (*PAPERS, *CARBON),
    "results_invented": (*PAPERS, "STA-", *CARBON),
    "copied_last_year": (*PAPERS, "STA-", *CARBON),
    "heat_overstated": (*HEAT, *OUTPUT),
    "power_overstated": ("PHY-CAPACITY-HOURS", "CON-GRID-POWER", "PHY-OWNUSE-RATE",
                         "ARI-POWER-IDENTITY", *OUTPUT),
    "own_use_understated": ("PHY-OWNUSE-RATE", "ARI-POWER-IDENTITY", "CON-GRID-POWER", *OUTPUT),
    "load_doctored": ("ARI-POWER-IDENTITY", "CON-LOAD-CLIFF"),
    "standby_counted": ("CON-LOAD-CLIFF", "CON-OUTAGE", "PHY-CAPACITY-HOURS", "ARI-PURCHASED-POWER",
                        "CON-DAILY-SUM", "HIS-YOY"),
    "class_false": ("FRM-UNIT-REGISTRY", "PHY-BSUP-CLASS", "PHY-OWNUSE-RATE"),
    "purchased_concealed": ("ARI-PURCHASED-POWER", "CON-GRID-POWER"),
    "cooling_false": ("FRM-UNIT-REGISTRY", "PHY-OWNUSE-RATE"),
    "capacity_overstated": ("FRM-UNIT-REGISTRY", "ARI-POWER-IDENTITY", "CON-LOAD-CLIFF"),
    "heat_ratio_lowered": (*HEAT, *OUTPUT),
    "heat_and_ratio": (*HEAT, *OUTPUT),
    "belt_trimmed": COAL,
    "loss_inflated": COAL,
    "ledger_filled": ("STA-", *COAL),
    "ledger_invented": ("STA-", *COAL),
    "back_solved": ("STA-", *COAL),
    "last_year_scaled": ("STA-", *COAL),
    "month_copied": ("STA-", *COAL),
    "fuel_between_units": ("CON-UNIT-SPLIT", *COAL),
    "gas_understated": COAL,
    "sheet_edited": ("LAB-INHOUSE-GAP", *CARBON),
    "consultancy_shave": CARBON,
    "sample_split": (*PAPERS, "STA-", *CARBON),
    "interpolated": (*PAPERS, "STA-", *CARBON),
    "results_random": (*PAPERS, "STA-", *CARBON, "PHY-"),
    "measured_months_chosen": ("CON-METHOD-CHERRYPICK", "ARI-DEFAULT-VALUES", *CARBON),
    "wet_everywhere": ("PHY-MOISTURE", "CON-NCV-ENTRY-FIRED", "LAB-MIX-HULL", *COAL),
    "default_private": ("ARI-DEFAULT-VALUES", "PHY-CC-RANK"),
    "default_avoided_all": ("ARI-DEFAULT-VALUES", "CON-METHOD-CHERRYPICK", "LAB-", *CARBON),
}  # fmt: skip
"""Way → the checks that name it, by code or by the beginning of a code."""

_COAL_CHANGED = ("PHY-", "HIS-", "CON-FOUR-FACTOR", "CON-NCV-ENTRY-FIRED", "PEER-", "LAB-MIX-HULL",
                 "LAB-INHOUSE-GAP", "STA-", "FRM-UNIT-SLIP")  # fmt: skip
_MACHINE_CHANGED = ("HIS-", "CON-HEATRATE-MODEL", "CON-FOUR-FACTOR", "PHY-BSUP-CLASS", "PEER-",
                    "PHY-EFFICIENCY-CAP", "PHY-OWNUSE-RATE", "CON-LOAD-CLIFF", "STA-",
                    "PHY-BHEAT-RANGE", "CON-UNIT-SPLIT", "FRM-UNIT-SLIP")  # fmt: skip
CORRECTED = ("",)  # a slip is not explained but corrected: the next version shows none of it
EXPLAINS = {
    "new_supplier": _COAL_CHANGED,
    "retrofit": _MACHINE_CHANGED,
    "long_outage": (*_MACHINE_CHANGED, "ARI-PURCHASED-POWER", "CON-OUTAGE", "CON-HEAT-SEASON"),
    "holiday_backlog": ("LAB-BATCH-DISGUISE", "LAB-NO-SEQUENCE", "LAB-TURNAROUND", "LAB-DATE-ORDER"),
    "changed_lab": ("LAB-", "HIS-", "PHY-C-NCV-", "STA-", "PEER-", "CON-FOUR-FACTOR"),
    "lost_samples": ("CON-METHOD-CHERRYPICK", "ARI-DEFAULT-VALUES", "HIS-", "LAB-PARAM-SET"),
    "new_unit": (*_MACHINE_CHANGED, "FRM-", "CON-OTHER-REPORTS"),
    "deep_peaking": _MACHINE_CHANGED,
    "mine_mouth": ("STA-", "PHY-", "LAB-VALUE-REUSE", "PEER-"),
    "stocktake": ("CON-STOCK-BALANCE", "CON-BELT-VS-STOCKTAKE", "CON-COAL-INVOICE"),
    "heat_customer": (*_MACHINE_CHANGED, "CON-HEAT-SEASON", "CON-OTHER-REPORTS"),
    "new_calorimeter": ("LAB-INHOUSE-GAP", *_COAL_CHANGED),
    "emission_control": _MACHINE_CHANGED,
    "worn_turbine": _MACHINE_CHANGED,
    "meter_drift": ("CON-", "MET-", "HIS-", "PEER-", "STA-", "PHY-BSUP-CLASS"),
    "wet_season": _COAL_CHANGED,
    "winter_reserve": ("CON-STOCK-BALANCE", "CON-BELT-VS-STOCKTAKE"),
    "late_report": ("LAB-", "CON-METHOD-CHERRYPICK", "ARI-DEFAULT-VALUES", "HIS-"),
    "typing_slip": CORRECTED,
    "swapped_digits": CORRECTED,
    "unit_slip": CORRECTED,
    "rounded_books": ("STA-",),
}  # fmt: skip
"""Oddity → the checks whose results its true explanation covers."""


def named(code: str, names: tuple[str, ...]) -> bool:
    """Whether a check is among the names."""
    return code.startswith(names)
