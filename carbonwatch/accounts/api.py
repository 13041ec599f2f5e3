"""Tokens for programs: through the same door as people, with the same limits and lock-out."""

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.signin import person_of
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden
from carbonwatch.web.api import Endpoint


class TokenCreate(APIView):
    """POST: a token for account and password; it is shown once and only its digest is kept."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema_serializer(component_name="TokenIn")
    class In(serializers.Serializer):
        username = serializers.CharField(max_length=150)
        password = serializers.CharField(max_length=200, trim_whitespace=False)

    class Out(serializers.Serializer):
        token = serializers.CharField()
        expires_at = serializers.DateTimeField()

    @extend_schema(request=In, responses={201: Out}, auth=[])
    def post(self, request: Request) -> Response:
        """201 with the token; 401 wrong credentials; 429 too many tries or locked."""
        form = self.In(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()
        user = person_of(request._request, **form.validated_data, now=now)
        actor = Actor.of(user, ip=request.META.get("REMOTE_ADDR", ""))
        if actor is None or user.must_change_password:
            raise Forbidden()
        with transaction.atomic():
            kept, token = AuthToken.objects.create(user=user)
            record("token.created", user, actor, now, token=kept.token_key, ip=actor.ip)
        return Response({"token": token, "expires_at": kept.expiry}, status=201)


class TokenRevoke(Endpoint):
    """POST: ends the token that carries the request."""

    permission = Perm.HOME

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """204; a session has no token to end, which is no error."""
        if isinstance(request.auth, AuthToken):
            with transaction.atomic():
                record(
                    "token.revoked",
                    self.actor.user,
                    self.actor,
                    timezone.now(),
                    token=request.auth.token_key,
                )
                request.auth.delete()
        return Response(status=204)
