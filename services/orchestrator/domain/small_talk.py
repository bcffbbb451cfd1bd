"""What is to be done for a turn that asks for nothing: thanks, leave-taking, a bare yes, and what is not understood."""

from __future__ import annotations

from services.orchestrator.domain.events import Asked, Missed, Move, Opened
from services.orchestrator.domain.foremost import awaits_person, has
from services.orchestrator.domain.remarks import asks_for_info, begins_like_a_question
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.domain.understanding import Understanding

LIKELY_QUESTION = 0.7
LEAST_WORDS_OF_A_QUESTION = 4
MOST_WORDS_OF_A_GREETING = 7
# What is worth the offer of a person even when it is only guessed.
_HINTS = ("service_request", "general_inquiry")


def without_request(state: DialogueState, meaning: Understanding) -> tuple[Move, ...]:
    """Turns without a request: the first of these that fits."""
    lost = Move(flow="fallback", event=Opened("stale" if meaning.stale else "missed"))
    if meaning.under:  # what the words under a picture do not say is in the picture
        lost = Move(flow="unreadable", event=Opened(meaning.under))
    open_flow = Move(flow=state.flow, event=Missed()) if state.flow else lost
    hinted = next((item.topic or item.name for item in meaning.weak if item.name in _HINTS), "")
    awaited = awaits_person(state)
    parting = has(meaning, "goodbye") or meaning.yes or meaning.no
    # More words instead of a yes to the offer of a person are for that person.
    telling = "human" in state.asked and not state.flow and (has(meaning, "provide_info") or bool(meaning.weak))
    rules: tuple[tuple[bool, Move | None], ...] = (
        ("voice" in meaning.unreadable, Move(flow="hearing", event=Opened())),
        (bool(meaning.unreadable), Move(flow="unreadable", event=Opened(next(iter(meaning.unreadable), "")))),
        (bool(state.staff_words) and has(meaning, "general_inquiry"), Move(flow="recall", event=Opened())),
        (has(meaning, "compliment"), Move(flow="compliment", event=Opened())),
        (awaited and parting, Move(flow="patience", event=Opened())),
        (meaning.thinking, Move(flow="thinking_over", event=Opened())),
        # Who takes leave of a summary may think that it is done.
        (has(meaning, "goodbye") and "confirm" in state.asked, Move(flow="whether_done", event=Opened())),
        (has(meaning, "goodbye"), Move(flow="goodbye", event=Opened())),
        (
            _greets(meaning) or (not state.flow and asks_for_info(meaning.text)),
            Move(flow="greeting", event=Opened("hello")),
        ),
        (awaited and meaning.out_of_scope, Move(flow="noted", event=Opened())),
        # Said once; who is turned down twice in a row may want a person.
        (meaning.out_of_scope and not state.misses, Move(flow="small_talk", event=Opened())),
        # A yes to what was asked in a conversation that is over: it must not sound as if it had done anything.
        (meaning.yes and not state.introduced, Move(flow="nothing_open", event=Opened())),
        ((meaning.yes or meaning.no) and not state.flow, Move(flow="acknowledgement", event=Opened())),
        (meaning.stale, lost),
        (not meaning.texts, None),
        (bool(state.flow) and _sure_question(meaning), Move(flow="inquiry", event=Asked(""))),
        (bool(state.flow) and _plain_question(meaning), Move(flow="inquiry", event=Asked(""))),
        (bool(state.flow), open_flow),
        # A question that is about nothing we know of is for that person, too.
        (awaited and not _has_topic(meaning), Move(flow="noted", event=Opened())),
        (bool(state.staff_words) and "?" in meaning.text, Move(flow="recall", event=Opened())),
        (_plain_question(meaning), Move(flow="inquiry", event=Asked(hinted))),
        (telling, Move(flow="handoff", event=Opened("human_request"))),
        (
            has(meaning, "general_inquiry") or has(meaning, "greeting") or bool(hinted),
            Move(flow="inquiry", event=Asked(hinted)),
        ),
        (True, lost),
    )
    move = next(move for fits, move in rules if fits)
    return (move,) if move else ()


def _greets(meaning: Understanding) -> bool:
    """ "Hello, how are you?" and no more; a longer question behind a greeting is about something."""
    more = "?" in meaning.text and len(meaning.text.split()) > MOST_WORDS_OF_A_GREETING
    return has(meaning, "greeting") and not more


def _sure_question(meaning: Understanding) -> bool:
    """A plain question about something we have no name for was understood well enough to say that it is not known."""
    found = meaning.intent("general_inquiry")
    asks = has(meaning, "provide_info") or (
        found is not None and not found.topic and found.confidence >= LIKELY_QUESTION
    )
    return asks and ("?" in meaning.text or (found is not None and begins_like_a_question(meaning.text)))


def _plain_question(meaning: Understanding) -> bool:
    """Put like a question and about the house, for all that is known: that we have no answer is no misunderstanding."""
    asks = not meaning.out_of_scope and begins_like_a_question(meaning.text)
    return asks and len(meaning.text.split()) >= LEAST_WORDS_OF_A_QUESTION


def _has_topic(meaning: Understanding) -> bool:
    return any(intent.name == "general_inquiry" and intent.topic for intent in meaning.intents)
