"""Privet: decides from a person's privileges what they may see and do.

>>> from privet import Policy
>>> policy = Policy.open(open("shop.privetpack", "rb").read())
>>> policy.session({"roles": ["clerk"]}).can("orders.list")
True
"""

from ._errors import PrivetError
from ._policy import Decision, Holding, MenuItem, Policy, Session

__all__ = ["Decision", "Holding", "MenuItem", "Policy", "PrivetError", "Session"]
