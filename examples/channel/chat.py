"""A channel of your own in one file: what you type reaches the hotel, what the hotel answers is printed.

    python examples/channel/chat.py --gateway http://127.0.0.1:8000 --name demo --secret dev-generic-secret --port 9000

The gateway has to call back here: `GENERIC_CHANNELS={"demo": {"property": "alameda", "secret": "dev-generic-secret",
"callback_url": "http://127.0.0.1:9000/"}}`. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
import threading
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300


def sign(body: bytes, secret: str, moment: int) -> str:
    """The X-Signature header: the time, and the HMAC-SHA256 of "time.body"."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether the gateway signed these bytes in the last five minutes."""
    moment = header.partition(",")[0].removeprefix("t=")
    if not moment.isdigit() or abs(time.time() - int(moment)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(sign(body, secret, int(moment)), header)


class Callbacks(BaseHTTPRequestHandler):
    """Takes the hotel's messages. A repeated Idempotency-Key is a message that is known already."""

    secret = ""
    known: set[str] = set()  # noqa: RUF012 (one server, one set)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not is_signed(body, self.headers.get("X-Signature", ""), self.secret):
            self._answer(401, {"error": "signature"})
            return
        message = json.loads(body)
        if message["id"] not in self.known:
            self.known.add(message["id"])
            print("hotel:", message.get("text", ""), flush=True)
            for number, choice in enumerate(message.get("choices", []), start=1):
                print(f"   {number}) {choice['title']}", flush=True)
        self._answer(200, {"id": message["id"]})

    def log_message(self, *arguments: object) -> None:
        """Nothing: the chat is on the same screen."""

    def _answer(self, status: int, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def say(url: str, secret: str, guest: str, text: str) -> dict[str, Any]:
    """Posts one message. A real client repeats it, with the same id, until it is answered with 200."""
    message_id = str(uuid.uuid4())
    body = json.dumps(
        {"id": message_id, "conversation": guest, "sender": {"id": guest}, "sent_at": int(time.time()), "text": text}
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
        "X-Signature": sign(body, secret, int(time.time())),
    }
    request = urllib.request.Request(url, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def main() -> None:
    """Reads lines until there are no more, then waits a little for what is still to come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gateway", default="http://127.0.0.1:8000")
    parser.add_argument("--name", default="demo")
    parser.add_argument("--secret", default="dev-generic-secret")
    parser.add_argument("--guest", default=f"guest-{uuid.uuid4().hex[:8]}")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--linger", type=float, default=5.0, help="seconds to listen after the last line")
    given = parser.parse_args()
    Callbacks.secret = given.secret
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Callbacks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        if line.strip():
            say(f"{given.gateway}/webhooks/generic/{given.name}", given.secret, given.guest, line.strip())
    time.sleep(given.linger)
    server.shutdown()


if __name__ == "__main__":
    main()
