"""Pages with words for what went wrong around a view."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from carbonwatch.web.middleware import is_connection_loss, unavailable

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def _answer(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """The page, or a problem document for programs."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"status": status, "heading": title, "text": text}
    # A broken page gets no request: context processors may ask what just broke.
    content = render_to_string("error.html", context, None if status >= 500 else request)
    return HttpResponse(content, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request is malformed, or larger than the server takes (413)."""
    if type(exception).__name__ == "RequestDataTooBig":
        return too_large(request)
    return _answer(
        request,
        400,
        _("请求有误"),
        _("浏览器发来的内容不完整或不符合要求。请返回上一页，刷新后重试。"),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than the server takes."""
    text = _("提交的内容超过系统允许的大小。请压缩或拆分附件后重新提交；已填写的文字保存在本机。")
    return _answer(request, 413, _("内容过大"), text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by Django itself."""
    return _answer(
        request,
        403,
        _("没有权限"),
        _("您的岗位没有此项权限。如确需办理，请联系本单位的安全管理员。"),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    text = _("没有找到该页面。请检查网址，或从工作台的菜单进入。")
    return _answer(request, 404, _("没有找到"), text)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake; the request id finds the line in the log.

    What strikes in a middleware ends here too: a lost database (503) or a full disk (507).
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError) and is_connection_loss(error):
        return unavailable(request, error)
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return disk_full(request)
    text = _(
        "系统出现意外错误，刚才的操作没有保存。请稍后重试；仍有问题时，请把编号告诉系统管理员：%(id)s"
    ) % {"id": getattr(request, "id", "—")}
    return _answer(request, 500, _("系统出错"), text)


def disk_full(request: HttpRequest) -> HttpResponse:
    """507: the disk could not take the request."""
    text = _("服务器存储空间不足，提交的内容没有保存。请稍后重试；仍不成功的，请联系系统管理员。")
    return _answer(request, 507, _("存储空间不足"), text)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is older than the sign-in."""
    text = _(
        "页面停留过久，或已在其他窗口重新登录，为安全起见本次提交没有受理。请返回上一页，刷新后再提交；已填写的文字保存在本机。"
    )
    return _answer(request, 403, _("页面已过期"), text)
