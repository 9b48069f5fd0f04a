"""A service that guards its views with Django: PRIVET_PACK and PRIVET_KEY name the files of the pack and of the issuer's key."""

import functools
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from privet import Policy
from privet.guard import Guard, Problem

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=os.urandom(32).hex())
guard = Guard(
    [Policy.open(Path(os.environ["PRIVET_PACK"]).read_bytes())],
    key=Path(os.environ["PRIVET_KEY"]).read_text(),
    issuer="https://id.shop.example",
    audience="https://api.shop.example",
    algorithms=["EdDSA"],
)


def require(operation: str):
    """A decorator: the view runs if the operation is allowed, with the session as `request.privet`."""

    guard.check(operation)  # an operation that no policy has is an error when the routes are made

    def decorate(view):
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                request.privet = guard.require(request.headers.get("authorization"), operation)
            except Problem as problem:
                return HttpResponse(problem.body, status=problem.status, headers=problem.headers)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


@require("orders.list")
def orders(request: HttpRequest) -> JsonResponse:
    return JsonResponse(list(request.privet.allowed()), safe=False)


urlpatterns = [path("orders", orders)]
application = get_wsgi_application()
