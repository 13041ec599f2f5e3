"""How often one network address may do something; counted in the cache alone, kept nowhere."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from carbonwatch.refusals import TooMany


def count_try(request: HttpRequest, what: str, most: int, seconds: int, message: object) -> None:
    """Count a try of this address; raises `TooMany` with the message after `most` within `seconds`.

    The address is a keyed hash even in the cache. Without Redis there is no such limit.
    """
    address = salted_hmac(what, request.META.get("REMOTE_ADDR", ""), algorithm="sha256").hexdigest()
    key = f"{what}:{address}"
    try:
        cache.add(key, 0, seconds)
        tries = cache.incr(key)
    except (RedisError, OSError, ValueError):  # ValueError: the key ran out between the two calls
        return
    if tries > most:
        raise TooMany(message)
