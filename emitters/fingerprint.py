"""What makes two results the same: one check, one place, one set of values.

An explanation or a waiver is bound to this fingerprint: the same deviation in a corrected file keeps
it, changed data do not.
"""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from carbonwatch.checks.registry import AROUND, Check, Hit
from emitters.outside.records import without_places


def plain(value: Any) -> Any:
    """Only what JSON can hold: decimals and dates as text."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))


def fingerprint(check: Check, hit: Hit) -> str:
    """SHA-256 (hex) over code, letter, generator, months and own values of a result.

    The same record in a corrected file of another office is the same evidence in another place.
    """
    values = plain({name: value for name, value in hit.values.items() if name != AROUND})
    identity = [check.code, hit.letter, hit.generator, list(hit.months), values]
    text = json.dumps(identity, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(without_places(text).encode()).hexdigest()
