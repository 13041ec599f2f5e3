"""Which address counts as the caller's."""

import pytest
from django.test import RequestFactory

from carbonwatch.web.middleware import ClientAddress


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # no proxy of ours: the header is the caller's invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # forged on the left
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),  # shorter than our own chain: did not come through it
        (1, "", "127.0.0.1"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    seen = []
    request = RequestFactory().get("/", headers={"X-Forwarded-For": header} if header else {})
    ClientAddress(lambda r: seen.append(r.META["REMOTE_ADDR"]))(request)
    assert seen == [address]
