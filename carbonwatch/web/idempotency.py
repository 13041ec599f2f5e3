"""A write that is repeated with the same key has one effect and gets the same answer.

The key comes from the header `Idempotency-Key` (programs) or the hidden field `_once` (forms). One
transaction holds the key, the effect and the stored answer, so a reply cut after the commit loses
nothing, and a second request at the same moment waits for the first on the unique index.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.jobs.models import IdempotencyRecord
from carbonwatch.refusals import Invalid, Refused

FIELD = "_once"
KEPT_FOR = timedelta(hours=48)
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Refresh", "HX-Trigger")
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class KeyReused(Refused):
    """The key belongs to another request (422)."""

    kind = "key-reused"


class _NotKept(Exception):
    """Rolls the transaction back; the answer goes to the person all the same."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


def once(
    request: Any, actor: Actor | None, compute: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Run `compute` once per person and key; later calls get the stored answer.

    Takes Django's and REST framework's requests and responses. An answer outside 2xx and 3xx, or an
    exception, undoes everything and may be tried again. Raises `KeyReused` for a key that came with
    another content, `Invalid` for a key that is none.

    Of a stranger, and on a nameless page, nothing is kept: a key without a person would open the
    answer to whoever holds it. Such a service tells repeats apart itself (`key_of`).
    """
    key = key_of(request)
    if not key or actor is None or getattr(request, "nameless", False):
        return compute()
    try:
        with transaction.atomic():
            kept, new = IdempotencyRecord.objects.get_or_create(
                user=actor.user, key=key, defaults={"fingerprint": fingerprint(request, actor)}
            )
            if not new:
                return _again(kept, fingerprint(request, actor))
            response = compute()
            if not 200 <= response.status_code < 400:
                raise _NotKept(response)
            _keep(kept, _rendered(response, request))
            return response
    except _NotKept as answer:
        return answer.response


def key_of(request: Any) -> str:
    """The key of the request, or an empty text."""
    key = request.headers.get("Idempotency-Key", "")
    if not key and isinstance(request, HttpRequest):
        key = request.POST.get(FIELD, "")
    if key and not _KEY.fullmatch(key):
        raise Invalid(_("Idempotency-Key 须为 1 至 128 个可见的 ASCII 字符。"))
    return key


def fingerprint(request: Any, actor: Actor) -> str:
    """SHA-256 over organisation, method, address, fields and the contents of files (hex)."""
    content = getattr(request, "data", None)
    if content is None:
        content = request.POST
    if hasattr(content, "lists"):
        content = {
            name: [v for v in values if not isinstance(v, UploadedFile)]
            for name, values in content.lists()
            if name not in (FIELD, "csrfmiddlewaretoken") and name not in request.FILES
        }
    parts = [
        actor.organisation.pk,
        request.method,
        request.get_full_path(),
        content,
        sorted((name, f.name, _digest(f)) for name, fs in request.FILES.lists() for f in fs),
    ]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _rendered(response: HttpResponseBase, request: Any) -> HttpResponse:
    if not isinstance(response, HttpResponse):
        raise TypeError("the answer to a write cannot be a stream")
    if not getattr(response, "is_rendered", True):
        if not isinstance(request, HttpRequest):  # REST framework gives these only later
            response.accepted_renderer = request.accepted_renderer
            response.accepted_media_type = request.accepted_media_type
            response.renderer_context = {"request": request, "response": response}
        response.render()
    return response


def _keep(kept: IdempotencyRecord, response: HttpResponse) -> None:
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept.body = response.content
    kept.save(update_fields=["status", "headers", "body"])


def _again(kept: IdempotencyRecord, print_now: str) -> HttpResponse:
    if kept.fingerprint != print_now:
        raise KeyReused(
            _(
                "这一提交编号已用于内容不同的另一次提交。"
                "请刷新页面（接口请更换 Idempotency-Key）后再办理。"
            )
        )
    response = HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)
    response["Idempotent-Replay"] = "true"
    return response


def purge(now: datetime) -> int:
    """Forget answers older than 48 hours; how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
