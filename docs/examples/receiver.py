"""Receive alerts in Python: verify, keep, then answer; handle each event once. Needs `pip install standardwebhooks`.

SECRET=whsec_… PORT=8080 python receiver.py
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["SECRET"])
handled: set[str] = (
    set()
)  # in your database, so that it outlives this program; slow work belongs in a job of its own


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what geo_service signed, 401 to everything else."""

    def do_POST(self) -> None:
        """Verify the bytes as they came, before anything is read out of them."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            webhook.verify(body, headers)
        except WebhookVerificationError:
            self.answer(401)
            return
        if headers["webhook-id"] not in handled:  # delivery may repeat
            handled.add(headers["webhook-id"])
            event = json.loads(body)
            print(event["sequence"], event["type"], event.get("subject", ""), flush=True)
        self.answer(
            204
        )  # from now on it is yours: before, an answer would lose it if this program stopped here

    def answer(self, status: int) -> None:
        """Answer without a body."""
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print events only."""


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver).serve_forever()
