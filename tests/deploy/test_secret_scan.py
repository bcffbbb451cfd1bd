"""The scan for secrets tells a new one, wherever it stands, and is silent about those that are known."""

from pathlib import Path

from deploy.tools.secret_scan import beyond, scanned

# In pieces, or the scan would find it here.
LOOKS_REAL = "AKIA" + "QYLPMN5HHHFPZAM2"


def test_a_new_secret_is_told_and_a_known_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"harmless = 1\naccess = '{LOOKS_REAL}'\n")
    found = scanned([str(file)])
    assert beyond(found, {}) == [f"{file}:2: AWS Access Key"]
    assert LOOKS_REAL not in str(found)
    file.write_text(f"moved = 1\nharmless = 1\naccess = '{LOOKS_REAL}'\n")
    assert beyond(scanned([str(file)]), found) == []
