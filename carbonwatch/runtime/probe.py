"""`python -m carbonwatch.runtime.probe`: exit 0 when the web process of this container is alive."""

import os
import sys
import urllib.request


def main() -> int:
    """Ask `/healthz` under a name that ALLOWED_HOSTS knows."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz", headers={"Host": host}
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as reply:  # noqa: S310
            return 0 if reply.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
