"""Routes that fail in the ways the middleware must answer."""

from django.db import IntegrityError, OperationalError, connection
from django.http import HttpResponse
from django.urls import path


def lost(request):
    try:
        raise _psycopg_error(None)
    except Exception as cause:
        raise OperationalError("server closed the connection unexpectedly") from cause


def restarting(request):
    try:
        raise _psycopg_error("57P01")
    except Exception as cause:
        raise OperationalError("terminating connection due to administrator command") from cause


def lock_timeout(request):
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '55P03'; END $$")
    return HttpResponse()


def integrity(request):
    raise IntegrityError("duplicate")


def good(request):
    return HttpResponse("good")


class _CodedError(Exception):
    pgcode = None


def _psycopg_error(code):
    error = _CodedError("from the driver")
    error.pgcode = code
    return error


urlpatterns = [
    path("lost", lost),
    path("api/v1/lost", lost),
    path("restarting", restarting),
    path("lock", lock_timeout),
    path("integrity", integrity),
    path("good", good),
]
