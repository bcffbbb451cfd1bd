"""What developers of hotel and chat bots most often get wrong, and the test that keeps each of it out.

Each mistake stands with the tests that would fail; a test that is renamed must be renamed here. The numbered ones are
of the channels' contracts, the others were seen in earlier systems of this kind.
"""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

NUMBERED: dict[int, dict[str, list[str]]] = {
    1: {
        "the signature is taken over JSON that was written anew": [
            "test_the_bytes_are_signed_and_not_their_meaning",
            "test_the_webhook_believes_the_bytes_it_was_sent_and_no_others_of_the_same_meaning",
        ],
    },
    2: {
        "only the first entry, change or message is read": [
            "test_every_entry_change_and_message_is_read",
            "test_three_messages_in_one_webhook_are_three_messages",
            "test_a_batch_of_everything_is_kept_whole",
        ],
    },
    3: {
        "work is done before the 200": [
            "test_a_webhook_has_its_200_while_the_orchestrator_is_stuck",
        ],
    },
    4: {
        "the lock of the de-duplication is let go before the commit": [
            "test_webhooks_at_the_same_time_with_the_same_news_keep_each_message_once",
        ],
    },
    5: {
        "`from` is taken to be there and to be a number": [
            "test_each_message_of_the_table_is_understood",
        ],
    },
    6: {
        "a status is answered like a message": [
            "test_a_status_is_no_message_and_carries_our_own_id_and_the_error",
        ],
    },
    7: {
        "statuses are taken to come in order": [
            "test_whatever_the_order_of_statuses_the_furthest_counts",
            "test_a_status_that_overtakes_the_answer_to_the_send_counts",
            "test_statuses_move_the_message_in_whatever_order_they_come",
        ],
    },
    8: {
        "a form's answers are not read a second time": [
            "test_each_message_of_the_table_is_understood",
        ],
    },
    9: {
        "a button's title is too long in Spanish": [
            "test_a_title_too_long_for_a_button_makes_a_list_and_is_said_in_full",
            "test_whatever_is_said_fits_the_limits",
        ],
    },
    10: {
        "ten rows for each section instead of in all": [
            "test_ten_rows_at_most_over_all",
        ],
    },
    11: {
        "media are fetched without a token, too late, from any host, or with our credentials everywhere": [
            "test_a_recording_is_asked_for_and_then_fetched",
            "test_an_address_that_is_over_is_asked_for_once_more",
            "test_the_token_goes_to_metas_hosts_alone",
            "test_no_other_host_is_asked",
            "test_the_store_behind_it_never_sees_them",
        ],
    },
    12: {
        "the challenge of the handshake comes back as JSON": [
            "test_the_handshake_answers_plain_text",
        ],
    },
    13: {
        "free words after the window has closed": [
            "test_outside_the_window_only_a_template_goes",
        ],
    },
    14: {
        "echoes of the hotel's own staff are answered": [
            "test_what_staff_wrote_from_their_phone_goes_first_and_alone_and_opens_no_window",
            "test_history_of_a_phone_is_kept_and_never_answered",
        ],
        "mail that we sent ourselves is answered": [
            "test_what_we_sent_is_never_read_as_a_guests",
        ],
    },
    15: {
        "Twilio's signature is checked against the address behind the proxy": [
            "test_the_public_address_is_the_one_that_is_set",
            "test_forwarded_headers_are_believed_from_our_proxies_alone",
            "test_the_port_may_be_signed_or_not",
        ],
    },
    16: {
        "Gmail's history is read from the push's id": [
            "test_history_is_read_from_our_own_mark_and_every_page_of_it",
        ],
    },
    17: {
        "Gmail's watch is never renewed": [
            "test_it_is_renewed_every_day_once_over_all_replicas",
        ],
    },
    18: {
        "two robots answer each other for ever": [
            "test_an_automatic_answer_again_and_again_is_put_aside_and_can_be_replayed",
        ],
        "an automatic answer to a mail is answered": [
            "test_robots_and_ourselves_are_not_answered",
            "test_two_robots_stop_after_a_few_answers",
        ],
    },
    19: {
        "quoted text is taken as the request": [
            "test_the_quoted_thread_is_taken_off_and_kept",
            "test_html_loses_what_it_marks_as_quoted",
            "test_quoted_words_are_kept_and_not_acted_on",
        ],
    },
    20: {
        "CANCEL by SMS ends the conversation instead of a booking": [
            "test_cancel_that_twilio_took_for_a_stop_still_reaches_the_hotel",
            "test_cancel_moved_out_of_twilios_list_is_a_request_like_any_other",
            "test_a_stop_is_mirrored_and_cancel_still_reaches_the_desk",
        ],
    },
    21: {
        "timestamps are taken as numbers or as local time": [
            "test_times_are_read_with_their_zone",
            "test_a_timestamp_as_a_number_is_read_like_text",
            "test_a_timestamp_that_is_none_becomes_the_time_of_receipt",
        ],
    },
    22: {
        "an unknown shape is answered with 4xx": [
            "test_shapes_nobody_knows_are_kept_and_said",
        ],
        "unknown types are refused": [
            "test_an_unknown_type_reaches_the_desk_and_shapes_nobody_knows_are_kept",
            "test_other_fields_are_kept_as_events",
        ],
    },
    23: {
        "a reaction is taken as a yes": [
            "test_a_reaction_reaches_the_desk_as_a_reaction",
        ],
    },
    24: {
        "another spelling of a phone makes a second guest": [
            "test_one_guest_under_two_names_is_one_conversation",
            "test_a_phone_with_a_plus_or_in_another_spelling_is_the_same_guest",
            "test_a_guest_whose_number_gains_or_loses_a_digit_stays_one_guest",
        ],
    },
}
OTHERS: dict[str, list[str]] = {
    "who asked not to be written to is written to, by their address or because they never wrote": [
        "test_a_guest_who_cannot_be_written_to_is_said_to_be",
        "test_a_stop_is_all_a_number_ever_said_and_is_honoured",
        "test_who_stopped_what_we_start_is_still_answered",
    ],
    "the subject of a thread is taken as a request": [
        "test_the_subject_of_an_answer_is_no_request",
    ],
    "only the last part of a long message is paid for": [
        "test_a_conversation_costs_what_the_statuses_of_all_parts_bill",
        "test_a_conversation_costs_its_segments",
    ],
    "a dummy signature is believed": [
        "test_any_other_header_is_refused",
        "test_without_a_secret_nothing_is_believed",
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
    "the mark moves before the mails are stored": [
        "test_the_mark_moves_only_after_storing",
    ],
    "the From header is believed": [
        "test_only_our_own_servers_findings_prove_a_sender",
        "test_findings_below_the_topmost_are_the_senders_own",
    ],
    "Twilio's parameters are sorted by name and value together": [
        "test_names_are_sorted_before_values_are_joined_to_them",
        "test_values_of_a_repeated_name_are_sorted_and_counted_once",
    ],
    "words that look like SQL are refused": [
        "test_what_looks_like_an_attack_is_recorded_and_understood_like_anything_else",
    ],
    "refused requests count against the limit": [
        "test_a_burst_passes_and_then_nothing_until_one_has_grown",
    ],
    "the version of the Graph API is a part of the program": [
        "test_the_version_of_the_graph_api_is_a_setting",
    ],
    "a type of message is answered with silence": [
        "test_an_unknown_type_reaches_the_desk_and_shapes_nobody_knows_are_kept",
        "test_what_is_not_heard_reaches_the_orchestrator_with_the_reason",
        "test_nothing_at_all_is_answered_politely",
    ],
    "a send whose answer was lost is made again": [
        "test_a_status_with_our_own_id_settles_a_send_whose_answer_was_lost",
        "test_a_message_whose_answer_was_lost_is_found_instead_of_sent_again",
    ],
}
MISTAKES = OTHERS | {mistake: tests for group in NUMBERED.values() for mistake, tests in group.items()}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_tests(mistake: str) -> None:
    missing = [name for name in MISTAKES[mistake] if name not in _known()]
    assert missing == []


def test_no_number_is_left_out() -> None:
    assert list(NUMBERED) == list(range(1, 25))


@cache
def _known() -> frozenset[str]:
    paths = [*TESTS.glob("*/**/test_*gateway*.py"), *TESTS.glob("contract/test_channel_*.py")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return frozenset(re.findall(r"^ *(?:async )?def (test_\w+)\(", written, re.MULTILINE))
