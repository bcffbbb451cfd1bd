"""What developers of WhatsApp bots most often get wrong, and the test that keeps each of it out.

One line for each mistake: what it is, and the tests that would fail. A test that is renamed must be renamed here.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

MISTAKES = {
    "a dummy signature is believed": ["test_any_other_header_is_refused", "test_without_a_secret_nothing_is_believed"],
    "the signature is taken over JSON that was written anew": ["test_the_bytes_are_signed_and_not_their_meaning"],
    "only the first entry, change or message is read": [
        "test_every_entry_change_and_message_is_read",
        "test_three_messages_in_one_webhook_are_three_messages",
    ],
    "work is done before the 200": ["test_a_webhook_has_its_200_while_the_orchestrator_is_stuck"],
    "the lock of the de-duplication is let go before the commit": [
        "test_webhooks_at_the_same_time_with_the_same_news_keep_each_message_once"
    ],
    "a repeated webhook is answered twice": [
        "test_a_webhook_delivered_three_times_is_answered_once",
        "test_a_message_repeated_after_its_answer_starts_no_turn",
    ],
    "an error in one message drops the webhook and answers 200": [
        "test_no_shape_of_payload_raises_and_everything_can_be_stored",
        "test_whatever_is_posted_is_answered_200_and_kept",
    ],
    "large bodies and odd content types are refused": [
        "test_a_body_of_three_megabytes_is_taken_and_a_larger_one_refused",
        "test_the_content_type_does_not_matter",
    ],
    "`from` is taken to be there and to be a number": ["test_each_message_of_the_table_is_understood"],
    "a status is answered like a message": ["test_a_status_is_no_message_and_carries_our_own_id_and_the_error"],
    "statuses are taken to come in order": [
        "test_whatever_the_order_of_statuses_the_furthest_counts",
        "test_a_status_that_overtakes_the_answer_to_the_send_counts",
    ],
    "a form's answers are not read a second time": ["test_each_message_of_the_table_is_understood"],
    "a button's title is too long in Spanish": [
        "test_a_title_too_long_for_a_button_makes_a_list_and_is_said_in_full",
        "test_whatever_is_said_fits_the_limits",
    ],
    "ten rows for each section instead of in all": ["test_ten_rows_at_most_over_all"],
    "the challenge of the handshake comes back as JSON": ["test_the_handshake_answers_plain_text"],
    "free words after the window has closed": ["test_outside_the_window_only_a_template_goes"],
    "echoes of the hotel's own staff are answered": [
        "test_echoes_of_what_staff_wrote_are_kept_and_never_answered",
        "test_history_of_a_phone_is_kept_and_never_answered",
    ],
    "two robots answer each other for ever": [
        "test_an_automatic_answer_again_and_again_is_put_aside_and_can_be_replayed"
    ],
    "timestamps are taken as numbers or as local time": [
        "test_a_timestamp_as_a_number_is_read_like_text",
        "test_a_timestamp_that_is_none_becomes_the_time_of_receipt",
    ],
    "unknown types are refused": [
        "test_an_unknown_type_reaches_the_desk_and_shapes_nobody_knows_are_kept",
        "test_other_fields_are_kept_as_events",
    ],
    "a reaction is taken as a yes": ["test_a_reaction_reaches_the_desk_as_a_reaction"],
    "another spelling of a phone makes a second guest": [
        "test_one_guest_under_two_names_is_one_conversation",
        "test_a_phone_with_a_plus_or_in_another_spelling_is_the_same_guest",
        "test_a_guest_whose_number_gains_or_loses_a_digit_stays_one_guest",
    ],
    "words that look like SQL are refused": [
        "test_what_looks_like_an_attack_is_recorded_and_understood_like_anything_else"
    ],
    "refused requests count against the limit": ["test_a_burst_passes_and_then_nothing_until_one_has_grown"],
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_tests(mistake: str) -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*/**/test_*gateway*.py"))
    written += "\n".join(path.read_text(encoding="utf-8") for path in TESTS.glob("contract/test_channel_*.py"))
    missing = [name for name in MISTAKES[mistake] if not re.search(rf"^(?:async )?def {name}\(", written, re.MULTILINE)]
    assert missing == []
