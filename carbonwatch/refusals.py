"""What the system says when it will not do something: one family, each with a text for the person.

Pages show the text, the API answers with the status as a problem document (RFC 9457).
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A request that cannot be granted; `message` says why and what to do."""

    status = 422
    kind = "refused"

    def __init__(
        self, message: object, *, fields: Mapping[str, Sequence[object]] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class Missing(Refused):
    """It does not exist, or belongs to somebody else: the two look the same (404)."""

    status = 404
    kind = "missing"

    def __init__(self, message: object = _("没有找到该内容，或您无权查看。")) -> None:
        super().__init__(message)


class Forbidden(Refused):
    """The person may see it, but this role may not do that (403)."""

    status = 403
    kind = "forbidden"

    def __init__(
        self, message: object = _("您的岗位没有此项权限。如确需办理，请联系本单位的安全管理员。")
    ) -> None:
        super().__init__(message)


class WrongState(Refused):
    """The matter has moved on, so this step is no longer possible (409)."""

    status = 409
    kind = "wrong-state"


class GuardFailed(Refused):
    """A condition of the step does not hold (422)."""

    kind = "guard-failed"


class Invalid(Refused):
    """The content of a field is not acceptable (422); `fields` names them."""

    kind = "invalid"


class TooMany(Refused):
    """Too many tries in a short time (429)."""

    status = 429
    kind = "too-many"
