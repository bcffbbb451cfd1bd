"""What the gateway says of its own accord: everything else is the orchestrator's."""

from __future__ import annotations

_SLOWER = {
    "es": "Recibo todos tus mensajes. Como llegan muy seguidos, los leo juntos y te contesto en un momento.",
    "en": "I am getting all your messages. As they come very quickly, I read them together and answer in a moment.",
    "pt": "Recebo todas as suas mensagens. Como chegam muito rápido, leio todas juntas e respondo em instantes.",
}


def slower(language: str) -> str:
    """Told to a guest over the limit; in Spanish and English when their language is not known."""
    return _SLOWER.get(language[:2].lower()) or f"{_SLOWER['es']}\n\n{_SLOWER['en']}"
