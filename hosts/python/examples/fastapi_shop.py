"""A service that guards its routes with FastAPI: PRIVET_PACK and PRIVET_KEY name the files of the pack and of the issuer's key."""

import os
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response

from privet import Policy, Session
from privet.guard import Guard, Problem

guard = Guard(
    [Policy.open(Path(os.environ["PRIVET_PACK"]).read_bytes())],
    key=Path(os.environ["PRIVET_KEY"]).read_text(),
    issuer="https://id.shop.example",
    audience="https://api.shop.example",
    algorithms=["EdDSA"],
)
app = FastAPI()


def require(operation: str):
    """A dependency: the session of a request to which an operation is allowed."""

    guard.check(operation)  # an operation that no policy has is an error when the routes are made

    def session(request: Request) -> Session:
        return guard.require(request.headers.getlist("authorization"), operation)

    return Depends(session)


@app.exception_handler(Problem)
def refuse(_: Request, problem: Problem) -> Response:
    return Response(problem.body, problem.status, problem.headers)


@app.get("/orders")
def orders(session: Annotated[Session, require("orders.list")]) -> list[str]:
    return list(session.allowed())
