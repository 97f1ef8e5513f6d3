"""Faults, latency, rate limits and the clock, changed while a sandbox runs."""

from __future__ import annotations

from typing import Any

from tsdeploy.sandbox.traffic.latency import Delay, Latency
from tsdeploy.sandbox.traffic.limits import Limits, RateLimit
from tsdeploy.sandbox.web.arguments import Argument, Type, flag, group, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import argument_error


def faults(call: Call) -> Reply:
    """``GET /faults``: the rules, with how many requests fitted each and how often it happened."""
    return Reply({"faults": call.cluster.traffic.faults.to_json()})


def add_faults(call: Call) -> Reply:
    """``POST /faults``: add rules; their ids."""
    given = call.many("faults")
    if not all(isinstance(rule, dict) for rule in given):
        raise argument_error("Each fault is an object.")
    ids = [call.cluster.traffic.faults.add(**{"kind": "", **rule}) for rule in given]
    return Reply({"ids": ids})


def clear_faults(call: Call) -> Reply:
    """``DELETE /faults``: nothing goes wrong any more."""
    call.cluster.traffic.faults.clear()
    return Reply()


def remove_fault(call: Call) -> Reply:
    """``DELETE /faults/ID``: take one rule away."""
    if not call.cluster.traffic.faults.remove(call.text("id")):
        raise argument_error(f"There is no fault {call.text('id')}.", 404)
    return Reply()


def latency(call: Call) -> Reply:
    """``GET /latency``: milliseconds for each call and object, and the endpoints with delays of their own."""
    return Reply(call.cluster.traffic.latency.to_json())


def set_latency(call: Call) -> Reply:
    """``POST /latency``: what is left out is 0."""
    endpoints = tuple((entry["path"], _delay(entry)) for entry in call.many("endpoints"))
    call.cluster.traffic.latency = Latency(_delay(call.arguments), endpoints)
    return latency(call)


def limits(call: Call) -> Reply:
    """``GET /rate-limit``: whether limits are on, and what they are."""
    return Reply(call.cluster.traffic.limits.to_json())


def set_limits(call: Call) -> Reply:
    """``POST /rate-limit``: what is left out is as documented for ThoughtSpot."""
    usual = Limits()
    call.cluster.traffic.limits = Limits(
        on=call.flag("on"),
        retry_after=call.flag("retry_after"),
        every_endpoint=_limit(call.group("every_endpoint"), usual.every_endpoint),
        async_status=_limit(call.group("async_status"), usual.async_status),
    )
    return limits(call)


def clock(call: Call) -> Reply:
    """``GET /clock``: the cluster's time, and how far it was moved, in milliseconds."""
    time = call.cluster.clock
    return Reply({"now": time.peek(), "offset": time.offset, "stepping": time.stepping})


def move_clock(call: Call) -> Reply:
    """``POST /clock``: to an ``offset`` from the right time, or to ``advance`` it from where it is."""
    offset, advance = call.number("offset"), call.number("advance")
    if (offset is None) == (advance is None):
        raise argument_error("Provide either offset or advance.")
    call.cluster.clock.move(call.cluster.clock.offset + (advance or 0) if offset is None else offset)
    return clock(call)


def _delay(given: Any) -> Delay:
    delay = Delay(given["per_call"] or 0, given["per_object"] or 0)
    if delay.per_call < 0 or delay.per_object < 0:
        raise argument_error("A delay cannot be negative.")
    return delay


def _limit(given: Any, usual: RateLimit) -> RateLimit:
    per_second, burst = given.get("per_second") or usual.per_second, given.get("burst") or usual.burst
    if isinstance(per_second, bool) or not isinstance(per_second, (int, float)) or per_second <= 0 or burst < 1:
        raise argument_error("A rate limit needs a positive per_second and burst.")
    return RateLimit(per_second, burst)


_DELAY = (number("per_call"), number("per_object"))
_LIMIT = (Argument("per_second", Type.ANY), number("burst"))

ENDPOINTS = (
    Endpoint("GET", "/faults", faults, transactional=False),
    Endpoint(
        "POST",
        "/faults",
        add_faults,
        (Argument("faults", Type.ANY, required=True, many=True),),
        transactional=False,
    ),
    Endpoint("DELETE", "/faults", clear_faults, bodiless=True, transactional=False),
    Endpoint("DELETE", "/faults/<id>", remove_fault, (text("id"),), bodiless=True, transactional=False),
    Endpoint("GET", "/latency", latency, transactional=False),
    Endpoint(
        "POST",
        "/latency",
        set_latency,
        (*_DELAY, group("endpoints", text("path", required=True), *_DELAY, many=True)),
        transactional=False,
    ),
    Endpoint("GET", "/rate-limit", limits, transactional=False),
    Endpoint(
        "POST",
        "/rate-limit",
        set_limits,
        (flag("on"), flag("retry_after"), group("every_endpoint", *_LIMIT), group("async_status", *_LIMIT)),
        transactional=False,
    ),
    Endpoint("GET", "/clock", clock, transactional=False),
    Endpoint("POST", "/clock", move_clock, (number("offset"), number("advance")), transactional=False),
)
