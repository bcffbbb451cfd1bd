"""What the nlp service counts."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

ANALYZE_SECONDS = Histogram(
    "hotel_nlp_analyze_seconds",
    "Time to understand one message, waiting for a thread included.",
    ["language"],
    buckets=(0.001, 0.002, 0.004, 0.006, 0.01, 0.015, 0.03, 0.06, 0.1, 0.3, 1.0),
)
INTENTS = Counter("hotel_nlp_intents_total", "Intents told to callers.", ["intent"])
OUTSIDE = Counter(
    "hotel_nlp_outside_model_total",
    "Messages of which the model outside might know better, by what came of it: used, nothing, failed, or not asked.",
    ["outcome"],
)
RELOADS = Counter("hotel_nlp_model_reloads_total", "Reloads asked for by SIGHUP, by outcome.", ["outcome"])
TRANSCRIPTIONS = Counter("hotel_nlp_transcriptions_total", "Voice notes, by outcome.", ["outcome"])
TRANSCRIBE_SECONDS = Histogram(
    "hotel_nlp_transcribe_seconds",
    "Time to hear one voice note, waiting included.",
    buckets=(0.5, 1, 2, 4, 8, 15, 30, 60),
)
AUDIO_SECONDS = Counter("hotel_nlp_audio_seconds_total", "Seconds of audio heard.")
