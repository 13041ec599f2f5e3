"""Optional virus scan: clamd's INSTREAM over the socket named by `CLAMD_SOCKET`."""

import socket
from struct import pack

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carbonwatch.refusals import Invalid, Refused

CHUNK = 2**16


def scan(source: bytes) -> None:
    """Nothing when clean or when no scanner is set; `Invalid` names the finding.

    A scanner that is set but does not answer means `Refused`: unscanned files are not taken.
    """
    if not settings.CLAMD_SOCKET:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(30)
            line.connect(settings.CLAMD_SOCKET)
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(source), CHUNK):
                part = source[start : start + CHUNK]
                line.sendall(pack(">I", len(part)) + part)
            line.sendall(pack(">I", 0))
            answer = line.makefile("rb").read().rstrip(b"\0").decode(errors="replace")
    except OSError as error:
        raise Refused(_("病毒扫描服务暂时不可用，文件没有保存，请稍后重试。")) from error
    if answer.endswith("FOUND"):
        raise Invalid(_("文件中发现病毒或恶意内容，没有接收。请先在本机杀毒。"))
    if not answer.endswith("OK"):
        raise Refused(_("病毒扫描没有完成，文件没有保存，请稍后重试。"))
