"""What the gateway counts and measures."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

WEBHOOK_SECONDS = Histogram(
    "webhook_processing_time", "Seconds from the last byte of a webhook to its answer.", ["channel"], buckets=_FAST
)
WEBHOOK_MESSAGES = Counter(
    "hotel_gateway_webhook_messages_total",
    "Messages in webhooks: new, or repeated and left alone.",
    ["channel", "kind"],
)
WEBHOOK_REFUSALS = Counter(
    "hotel_gateway_webhook_refusals_total", "Webhooks refused, by reason.", ["channel", "reason"]
)

SUSPICIOUS = Counter(
    "hotel_gateway_suspicious_messages_total",
    "Messages whose words look like an attack, by pattern; repeats of webhooks count too.",
    ["signal"],
)
RATE_LIMITED = Counter(
    "hotel_gateway_rate_limited_total", "What was over a limit, by tier: refused, or made to wait.", ["tier"]
)

HTTP_REQUESTS = Counter("http_requests_total", "HTTP answers by status.", ["status"])
REQUEST_SECONDS = Histogram("request_duration_seconds", "Seconds for an HTTP answer.", ["endpoint"], buckets=_FAST)
HEALTH_CHECKS = Counter("health_check_total", "Health checks answered.", ["check"])
HEALTH_SUCCESSES = Counter("health_check_success_total", "Health checks answered with success.", ["check"])

TURNS = Counter("hotel_gateway_turns_total", "Tries of turns by how they ended.", ["outcome"])
TURN_SECONDS = Histogram("hotel_gateway_turn_seconds", "Seconds from claim to settled turn.", buckets=_SLOW)
TURN_WAIT_SECONDS = Histogram(
    "hotel_gateway_turn_wait_seconds", "Seconds from a turn's last message to its first claim.", buckets=_SLOW
)
TURNS_PARKED = Counter("hotel_gateway_turns_parked_total", "Turns put aside after their last try.")

VOICE_NOTES = Counter(
    "hotel_gateway_voice_notes_total", "Voice notes: heard, silent, or why there are no words.", ["outcome"]
)

INBOX_LAG = Gauge("hotel_gateway_inbox_lag_seconds", "Seconds by which the longest waiting conversation is overdue.")
INBOX_PENDING = Gauge("hotel_gateway_inbox_pending_messages", "Messages that no turn has taken yet.")
INBOX_OPEN = Gauge("hotel_gateway_inbox_open_turns", "Turns being worked on or waiting for another try.")
INBOX_PARKED = Gauge("hotel_gateway_inbox_parked_turns", "Turns put aside that nobody has replayed.")

SENDS = Counter("hotel_gateway_sends_total", "Tries of sending by how they ended.", ["channel", "outcome"])
SEND_REFUSALS = Counter(
    "hotel_gateway_send_refusals_total", "Refusals by the channel's code and our advice.", ["channel", "code", "advice"]
)
SEND_WAIT_SECONDS = Histogram(
    "hotel_gateway_send_wait_seconds",
    "Seconds from the outbox to the channel's acceptance.",
    ["channel"],
    buckets=_SLOW,
)
GRAPH_SECONDS = Histogram("hotel_gateway_graph_seconds", "Seconds for an answer of the Graph API.", buckets=_SLOW)
OUTBOX_MESSAGES = Gauge(
    "hotel_gateway_outbox_messages",
    "Messages in the outbox by state: all that are queued, others of the last 24 hours.",
    ["state"],
)
FORGOTTEN = Counter("hotel_gateway_forgotten_rows_total", "Rows removed because they were old.")
ERASED = Counter("hotel_gateway_erased_guests_total", "Guests of whom everything was removed since they asked.")
CHAT_STREAMS = Gauge("hotel_gateway_chat_streams", "Chat pages listening at present.")
