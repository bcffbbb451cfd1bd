"""Writes docs/errors.md from the comments of error_reason.proto: one source for clients in every language.

`python docs/generate_errors.py > docs/errors.md`, run by `make gen`.
"""

import re
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "protos/hotel/common/v1/error_reason.proto"
HEAD = """# Error reasons

Generated from `protos/hotel/common/v1/error_reason.proto` by `make gen`; edit the comments there.

Every failed call carries a `google.rpc.Status` with an `ErrorInfo` (domain `hotel`) whose `reason` is one of these.
Branch on the reason; messages are for logs.

| reason | status | meaning |
| --- | --- | --- |"""


def rows(text: str) -> list[str]:
    """One table row for each reason that is sent."""
    found: list[str] = []
    comment: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("//"):
            comment.append(stripped.removeprefix("//").strip())
            continue
        if (match := re.match(r"ERROR_REASON_(\w+) = \d+;", stripped)) and match[1] != "UNSPECIFIED":
            code, _, meaning = " ".join(comment).partition(". ")
            found.append(f"| `{match[1]}` | {code} | {meaning} |")
        comment = []
    return found


if __name__ == "__main__":
    print("\n".join([HEAD, *rows(SOURCE.read_text())]))
