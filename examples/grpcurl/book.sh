#!/usr/bin/env bash
# Books a room with grpcurl, jq and envsubst, step by step as README.md tells, and cancels it.
# ./book.sh [HOST:PORT] [PROPERTY_ID]
set -euo pipefail
cd "$(dirname "$0")"
ADDRESS=${1:-127.0.0.1:7004}

# Sends a request file, its ${VARIABLES} filled in, to a method of the service.
call() {
  envsubst <"$2" | grpcurl -plaintext -import-path ../../protos -proto hotel/pms/v1/pms.proto -d @ \
    "$ADDRESS" "hotel.pms.v1.PmsService/$1"
}

# A date as the contract has it: of the hotel's calendar, without a time zone.
date_json() { date -u -d "$1" '+{"year": %Y, "month": %-m, "day": %-d}'; }

PROPERTY_ID=${2:-$(grpcurl -plaintext -import-path ../../protos -proto hotel/pms/v1/pms.proto \
  "$ADDRESS" hotel.pms.v1.PmsService/ListProperties | jq -r '.properties[0].propertyId')}
CHECK_IN=$(date_json '+60 days') CHECK_OUT=$(date_json '+62 days') REQUEST_ID=example-$(date +%s)-$$
export PROPERTY_ID CHECK_IN CHECK_OUT REQUEST_ID

found=$(call SearchAvailability 1-search.json)
jq -r '.offers[]? | "  \(.roomTypeId) \(.ratePlanId): \(.price.gross.units) \(.price.gross.currencyCode)"' <<<"$found"
ROOM_TYPE_ID=$(jq -r '.offers[0].roomTypeId' <<<"$found") RATE_PLAN_ID=$(jq -r '.offers[0].ratePlanId' <<<"$found")
export ROOM_TYPE_ID RATE_PLAN_ID

QUOTE_TOKEN=$(call CreateQuote 2-quote.json | jq -r .quote.quoteToken)
export QUOTE_TOKEN
HOLD_ID=$(call PlaceHold 3-hold.json | jq -r .hold.holdId)
export HOLD_ID

booked=$(call CreateReservation 4-book.json)
CONFIRMATION_CODE=$(jq -r .reservation.confirmationCode <<<"$booked")
RESERVATION_ID=$(jq -r .reservation.reservationId <<<"$booked")
export CONFIRMATION_CODE RESERVATION_ID
echo "booked $CONFIRMATION_CODE"

call GetReservation 5-look-up.json | jq -r '.reservation | "\(.confirmationCode) is \(.state)"'

MODIFICATION_TOKEN=$(call PreviewModification 6-preview-change.json | jq -r .preview.modificationToken)
export MODIFICATION_TOKEN
call ModifyReservation 7-change.json | jq -r '.reservation.remark'

CANCELLATION_TOKEN=$(call PreviewCancellation 8-preview-cancellation.json | jq -r .preview.cancellationToken)
export CANCELLATION_TOKEN
call CancelReservation 9-cancel.json | jq -r '.reservation | "\(.confirmationCode) is \(.state)"'
