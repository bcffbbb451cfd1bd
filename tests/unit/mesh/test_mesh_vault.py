"""Sealing: a value opens in its place with its key, and nowhere else."""

from __future__ import annotations

import pytest
from mesh.settings import ConfigurationError, load
from mesh.store.vault import KeyMissing, Vault, WrappedKey
from mesh.store.vault_settings import VaultSettings

from services.pms.settings import VaultSettings as PmsSettings
from services.session.settings import VaultSettings as SessionSettings


def vault(masters: str = "a:one", index: str = "index", service: str = "session") -> Vault:
    return Vault(service=service, masters=dict(pair.split(":") for pair in masters.split(",")), index_secret=index)


def test_what_is_sealed_opens_in_its_place_and_in_no_other() -> None:
    ours = vault()
    key, _ = ours.new_key()
    sealed = key.seal(b"Lupita", "guest:1")
    assert ours.open(sealed, "guest:1") == b"Lupita"
    assert b"Lupita" not in sealed
    assert key.seal(b"Lupita", "guest:1") != sealed
    with pytest.raises(KeyMissing):
        ours.open(sealed, "guest:2")
    with pytest.raises(KeyMissing):
        ours.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "guest:1")
    with pytest.raises(KeyMissing):
        ours.open(b"", "guest:1")


def test_a_stored_key_opens_with_its_master_key_alone() -> None:
    key, stored = vault().new_key()
    sealed = key.seal(b"Lupita", "guest:1")
    other = vault("b:two,a:one")
    other.learn(stored)
    assert other.open(sealed, "guest:1") == b"Lupita"
    with pytest.raises(KeyMissing, match="'a' is not among"):
        vault("b:two").learn(stored)
    with pytest.raises(KeyMissing, match="'a' is another one"):
        vault("a:two").learn(stored)
    moved = WrappedKey(key_id=b"x" * 16, master="a", wrapped=stored.wrapped)
    with pytest.raises(KeyMissing):
        vault().learn(moved)


def test_a_key_is_wrapped_anew_under_the_first_master_key() -> None:
    key, stored = vault().new_key()
    again = vault("b:two,a:one").rewrapped(stored)
    assert again.master == "b"
    reader = vault("b:two")
    reader.learn(again)
    assert reader.open(key.seal(b"Lupita", "x"), "x") == b"Lupita"


def test_an_opened_key_is_forgotten_in_time_and_at_once_when_it_is_destroyed() -> None:
    now = [0.0]
    ours = Vault(service="session", masters={"a": "one"}, index_secret="i", clock=lambda: now[0])
    key, _ = ours.new_key()
    assert ours.knows(key.key_id)
    now[0] = 3600.0
    assert not ours.knows(key.key_id)
    key, _ = ours.new_key()
    ours.forget(key.key_id)
    assert not ours.knows(key.key_id)


def test_opened_keys_that_are_over_leave_the_memory_when_another_comes() -> None:
    now = [0.0]
    ours = Vault(service="session", masters={"a": "one"}, index_secret="i", clock=lambda: now[0])
    for _ in range(50):
        ours.new_key()
    assert ours.opened == 50
    now[0] = 3600.0
    ours.new_key()
    assert ours.opened == 1


def test_the_same_is_looked_up_by_the_same_and_only_with_the_key() -> None:
    assert vault().index("1", "", "tel:52") == vault("b:two").index("1", "", "tel:52")
    assert vault().index("1", "", "tel:52") != vault(index="other").index("1", "", "tel:52")
    assert vault().index("1", "ab", "c") != vault().index("1", "a", "bc")
    # What is stored already: another derivation would lose every guest.
    assert vault().index("1", "", "tel:52") == "416efe4df150eace0be38b8df17c11bbc5a67e7bb9960cbfe0f5bafa23f1c0ab"
    digest = "ab" * 32
    assert vault().unveil(vault().veil(digest)) == digest
    assert vault().veil(digest) == vault().veil(digest) != digest
    with pytest.raises(KeyMissing):
        vault(index="other").unveil(vault().veil(digest))


def test_services_with_the_same_secrets_neither_open_nor_recognise_what_the_other_stores() -> None:
    ours, theirs = vault(), vault(service="pms")
    assert ours.index("phone", "52") != theirs.index("phone", "52")
    assert theirs.open_from_cache(ours.seal_for_cache(b"{}", "x"), "x") is None
    with pytest.raises(KeyMissing):
        theirs.learn(ours.new_key()[1])
    with pytest.raises(KeyMissing):
        theirs.unveil(ours.veil("ab" * 32))


def test_the_cache_has_a_key_of_its_own() -> None:
    sealed = vault().seal_for_cache(b"{}", "session:1")
    assert vault().open_from_cache(sealed, "session:1") == b"{}"
    assert vault().open_from_cache(sealed, "session:2") is None
    assert vault("b:two").open_from_cache(sealed, "session:1") is None
    assert vault().open_from_cache(b"{}", "session:1") is None


@pytest.mark.parametrize("settings", [SessionSettings, PmsSettings])
@pytest.mark.parametrize(
    ("masters", "told"),
    [
        ("dev-1:dev-master-key", "refused in production"),
        (f"k1:{'s' * 40},old:dev-master-key", "refused in production: old"),
        (f"k1:{'s' * 40},old:short", "refused in production: old"),
        ("nothing", "must be name:secret"),
        (f"a:{'s' * 40},a:{'t' * 40}", "each name once"),
    ],
)
def test_production_refuses_master_keys_that_are_none(
    monkeypatch: pytest.MonkeyPatch, masters: str, told: str, settings: type[VaultSettings]
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("DATA_INDEX_KEY", "i" * 40)
    monkeypatch.setenv("DATA_MASTER_KEYS", masters)
    with pytest.raises(ConfigurationError) as refused:
        load(settings, env="prod")
    assert told in str(refused.value)
    monkeypatch.setenv("DATA_MASTER_KEYS", f"k2:{'s' * 40},k1:{'t' * 40}")
    assert load(settings, env="prod").vault().current_master == "k2"
    monkeypatch.delenv("DATA_INDEX_KEY")
    with pytest.raises(ConfigurationError, match="DATA_INDEX_KEY"):
        load(settings, env="prod")
