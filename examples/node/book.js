// Books a room over hotel.pms.v1: search, quote, hold, book, look up, cancel. Contracts are read from ../../protos.
//
// node book.js [HOST:PORT] [--property ID] [--check-in 2027-03-01] [--nights 2] [--keep]
"use strict";

const assert = require("node:assert");
const { randomUUID } = require("node:crypto");
const path = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const grpc = require("@grpc/grpc-js");
const protoLoader = require("@grpc/proto-loader");
const { reasonOf } = require("./error_reason");

const PROTOS = process.env.HOTEL_PROTOS || path.join(__dirname, "..", "..", "protos");
const READ_SECONDS = 5;
const WRITE_SECONDS = 30;
const ATTEMPTS = 5;
const UNCLEAR = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED, grpc.status.ABORTED];

async function main() {
  const options = readOptions();
  const pms = connect(options.address);
  try {
    await book(pms, options);
  } catch (error) {
    if (error.code === undefined) throw error;
    console.error(`${grpc.status[error.code]} ${reasonOf(error)}: ${error.details}`);
    process.exitCode = 1;
  } finally {
    pms.close();
  }
}

async function book(pms, options) {
  const property_id = options.property || (await read(pms, "ListProperties", {})).properties[0].property_id;
  const stay = { check_in_date: dateOf(options.checkIn), check_out_date: dateOf(later(options.checkIn, options.nights)) };
  const rooms = [{ adults: 2 }];

  // 1. What can be had? Sold out is an answer, not an error: it comes with reasons and alternatives.
  const found = await read(pms, "SearchAvailability", { property_id, stay, rooms });
  for (const offer of found.offers) {
    console.log(`  ${offer.room_type_id} ${offer.rate_plan_id}: ${said(offer.price.gross)}, ${offer.units_left} left`);
  }
  const choice = [...found.offers, ...found.alternatives][0];
  if (!choice) {
    console.log("nothing can be had:", ...new Set(found.unavailable.map((each) => each.reason)));
    process.exitCode = 1;
    return;
  }

  // 2. A price that holds until it expires: everything after this is for exactly this price.
  const { room_type_id, rate_plan_id } = choice;
  const wanted = { property_id, stay: choice.stay, rooms, room_type_id, rate_plan_id };
  const { quote } = await read(pms, "CreateQuote", wanted);
  console.log(`quoted ${said(quote.total)} until ${instant(quote.expire_time)}`);

  // 3. The room off sale while the guest decides. 4. The booking. Both are writes: see `write`.
  const { hold } = await write(pms, "PlaceHold", { quote_token: quote.quote_token });
  console.log(`held until ${instant(hold.expire_time)}`);
  const { reservation } = await write(pms, "CreateReservation", {
    quote_token: quote.quote_token,
    hold_id: hold.hold_id,
    booker: { given_name: "Ada", family_name: "Example", email: "ada@example.com" },
    source: "example",
  });
  const { confirmation_code, reservation_id } = reservation;
  console.log(`booked ${confirmation_code} for ${said(reservation.total)}`);

  // 5. Anybody can look it up by its code.
  const lookedUp = await read(pms, "GetReservation", { property_id, confirmation_code });
  assert.deepStrictEqual(lookedUp.reservation, reservation);

  if (options.keep) return;
  // 6. What would canceling cost? Then exactly that, with the preview's token.
  const { preview } = await read(pms, "PreviewCancellation", { reservation_id });
  const canceled = await write(pms, "CancelReservation", {
    cancellation_token: preview.cancellation_token,
    reason: "only an example",
  });
  console.log(`canceled ${confirmation_code}, fee ${said(canceled.reservation.cancellation_fee)}`);
}

function connect(address) {
  const definition = protoLoader.loadSync("hotel/pms/v1/pms.proto", {
    includeDirs: [PROTOS],
    keepCase: true, // field names as in the contract
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const { PmsService } = grpc.loadPackageDefinition(definition).hotel.pms.v1;
  return new PmsService(address, grpc.credentials.createInsecure());
}

// A read: it changes nothing, so it may be repeated as one likes.
function read(pms, method, request) {
  return call(pms, method, request, READ_SECONDS);
}

// A write, repeated with the same request id until the outcome is clear. The id makes this safe: however often the
// request arrives, the service does it once and answers the same.
async function write(pms, method, request) {
  const numbered = { request_id: randomUUID(), ...request };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(pms, method, numbered, WRITE_SECONDS);
    } catch (error) {
      const clear = !UNCLEAR.includes(error.code) || reasonOf(error) === "VERSION_MISMATCH";
      if (clear || attempt === ATTEMPTS) throw error;
      await pause(100 * 2 ** attempt);
    }
  }
}

function call(pms, method, request, seconds) {
  const deadline = new Date(Date.now() + seconds * 1000);
  return new Promise((resolve, reject) => {
    pms[method](request, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

// Dates are of the hotel's calendar: year, month, day, and no time zone. UTC is used here only to count days.
function dateOf(day) {
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
}

function later(day, days) {
  return new Date(day.getTime() + days * 86_400_000);
}

function instant(timestamp) {
  return new Date(timestamp.seconds * 1000).toISOString();
}

function said(money) {
  return `${money.units}.${String(Math.floor(money.nanos / 10_000_000)).padStart(2, "0")} ${money.currency_code}`;
}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      property: { type: "string", default: "" },
      "check-in": { type: "string", default: later(new Date(), 60).toISOString().slice(0, 10) },
      nights: { type: "string", default: "2" },
      keep: { type: "boolean", default: false },
    },
  });
  return {
    address: positionals[0] || "127.0.0.1:7004",
    property: values.property,
    checkIn: new Date(`${values["check-in"]}T00:00:00Z`),
    nights: Number(values.nights),
    keep: values.keep,
  };
}

main();
