"""Looks for secrets in every file that git has: `python -m deploy.tools.secret_scan [--keep]`.

Words that only look like secrets (development's, tests', names of settings) are in `.secrets.baseline`, each by the
hash of its text; whatever is not there is told, and is exit 1. `--keep` writes what was found as the new baseline: read
its difference before you commit it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detect_secrets.core import baseline
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

REPOSITORY = Path(__file__).parents[2]
BASELINE = REPOSITORY / ".secrets.baseline"
# Training sentences, recorded payloads, hashes of packages, generated code: nothing that anybody types a secret into.
_NOT_READ = ("services/nlp/data/", "services/nlp/model/", "tests/data/", "requirements/", "libs/hotel/", BASELINE.name)
# Detectors by shape, and by the name beside the value. Those by entropy find every hash and id of a test.
_PLUGINS = (
    *("ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector"),
    *("DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "KeywordDetector"),
    *("MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector"),
    *("SendGridDetector", "SlackDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector"),
    *("TwilioKeyDetector",),
)
Found = Mapping[str, Sequence[Mapping[str, Any]]]


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    found = scanned(_files())
    if [*arguments] == ["--keep"]:
        document = {file: [_kept(secret) for secret in secrets] for file, secrets in sorted(found.items())}
        BASELINE.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        return 0
    unknown = list(beyond(found, json.loads(BASELINE.read_text(encoding="utf-8"))))
    for line in unknown:
        sys.stderr.write(f"{line}\n")
    if unknown:
        sys.stderr.write("If one is no secret: python -m deploy.tools.secret_scan --keep, and read what it changed.\n")
    return int(bool(unknown))


def scanned(files: Sequence[str]) -> Found:
    """What looks like a secret, by file; the values themselves are hashes."""
    with transient_settings({"plugins_used": [{"name": name} for name in _PLUGINS]}):
        collection = SecretsCollection(root=str(REPOSITORY))
        collection.scan_files(*files, num_processors=2)
        results: Found = baseline.format_for_output(collection)["results"]
    return {file: kept for file, secrets in results.items() if (kept := [s for s in secrets if not _made_up(file, s)])}


def beyond(found: Found, known: Found) -> list[str]:
    """One line for each find that is not known, whatever line it stands on."""
    harmless = {(file, secret["hashed_secret"]) for file, secrets in known.items() for secret in secrets}
    return [
        f"{file}:{secret['line_number']}: {secret['type']}"
        for file, secrets in found.items()
        for secret in secrets
        if (file, secret["hashed_secret"]) not in harmless
    ]


def _files() -> list[str]:
    told = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return [name for name in told.splitlines() if not name.startswith(_NOT_READ)]


def _made_up(file: str, secret: Mapping[str, Any]) -> bool:
    """Tests sign people in with passwords of their own; what has the shape of a real secret is told there, too."""
    return file.startswith("tests/") and secret["type"] == "Secret Keyword"


def _kept(secret: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": secret["type"], "hashed_secret": secret["hashed_secret"]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
