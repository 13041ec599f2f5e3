"""Outside records (部门数据): what others than the emitting unit recorded of the same facts."""

from emitters.outside.kinds import KINDS, RecordKind
from emitters.outside.records import OutsideRecords, OutsideRow

__all__ = ["KINDS", "OutsideRecords", "OutsideRow", "RecordKind"]
