"""Leads as a form's server signs and posts them."""

import hashlib
import hmac
import json
from typing import Any

import httpx

SECRET = "a-webhook-secret"


def body_of(**fields: Any) -> bytes:
    """Fields as a JSON body."""
    return json.dumps(fields).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    """What stands in `X-Baton-Signature`."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, *, secret: str = SECRET, key: str | None = None) -> dict[str, str]:
    """The headers of a delivery."""
    named = {"Idempotency-Key": key} if key else {}
    return {"Content-Type": "application/json", "X-Baton-Signature": f"sha256={signature(body, secret)}", **named}


def post(port: int, body: bytes, signed: dict[str, str] | None = None) -> httpx.Response:
    """Post a body to the bot, signed unless told otherwise."""
    url = f"http://127.0.0.1:{port}/webhooks/leads"
    return httpx.post(url, content=body, headers=headers(body) if signed is None else signed, timeout=10)
