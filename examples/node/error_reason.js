// Why a call failed. Branch on the reason, never on the text: ../../protos/hotel/common/v1/error_reason.proto has them all.
"use strict";

const protobuf = require("protobufjs");

// The part of google/rpc/status.proto and google/rpc/error_details.proto that is needed to read a reason.
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
  `,
  { keepCase: true },
);
const Status = root.lookupType("google.rpc.Status");
const ErrorInfo = root.lookupType("google.rpc.ErrorInfo");

// The reason of an error of grpc-js, such as "SOLD_OUT"; empty when the status has no details.
function reasonOf(error) {
  const [raw] = error.metadata ? error.metadata.get("grpc-status-details-bin") : [];
  if (!raw) return "";
  const info = Status.decode(raw).details.find((detail) => detail.type_url.endsWith("/google.rpc.ErrorInfo"));
  return info ? ErrorInfo.decode(info.value).reason : "";
}

module.exports = { reasonOf };
