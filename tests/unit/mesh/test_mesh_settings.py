"""The environment becomes settings, or every problem is named at once."""

import pytest
from mesh.settings import ConfigurationError, MeshSettings, load, redacted
from pydantic import Field, SecretStr


class Settings(MeshSettings):
    secret_key: SecretStr = Field(SecretStr("dev-secret-key"), description="For the test.")
    quiet_period_seconds: float = Field(1.0, ge=0, description="For the test.")
    whatsapp_app_secret: SecretStr = Field(SecretStr("dev-app-secret"), description="For the test.")


def test_defaults_are_enough_for_development() -> None:
    assert load(Settings).env == "dev"


def test_all_problems_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRPC_PORT", "eighty")
    monkeypatch.setenv("QUIET_PERIOD_SECONDS", "-1")
    monkeypatch.setenv("ENV", "production")
    with pytest.raises(ConfigurationError) as refused:
        load(Settings)
    named = {problem.split(":")[0] for problem in refused.value.problems}
    assert named == {"GRPC_PORT", "QUIET_PERIOD_SECONDS", "ENV"}


def test_production_refuses_every_dummy_and_short_secret_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV", "prod")
    monkeypatch.setenv("WHATSAPP_APP_SECRET", "short")
    with pytest.raises(ConfigurationError) as refused:
        load(Settings)
    text = "\n".join(refused.value.problems)
    assert "SECRET_KEY" in text
    assert "WHATSAPP_APP_SECRET" in text
    assert "short\n" not in text


def test_half_of_a_tls_configuration_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLS_CERT_FILE", "/cert.pem")
    with pytest.raises(ConfigurationError, match="TLS_KEY_FILE"):
        load(Settings)


def test_a_wrong_secret_is_not_quoted_in_the_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV", "prod")
    monkeypatch.setenv("SECRET_KEY", "dev-very-secret-indeed-0123456789abcdef")
    with pytest.raises(ConfigurationError) as refused:
        load(Settings)
    assert "very-secret-indeed" not in str(refused.value)


def test_secrets_cannot_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-print-me")
    monkeypatch.setenv("POSTGRES_URL", "postgresql://u:do-not-print-me@h/db")
    settings = load(Settings)
    assert "do-not-print-me" not in f"{settings!r} {settings} {redacted(settings)}"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(Settings).env = "prod"  # type: ignore[misc]
