"""The service's knobs."""

from __future__ import annotations

from typing import Literal

from mesh.settings import MeshSettings
from pydantic import Field, SecretStr


class Settings(MeshSettings):
    """Settings of the nlp service."""

    nlp_threads: int = Field(2, ge=1, le=64, description="Threads that analyse messages; as many as cores is best.")
    nlp_model: bool = Field(
        True, description="Use the trained intent model. Off: rules alone (less breadth, 100 MB less)."
    )
    nlp_model_folder: str = Field("", description="Folder of model.json and weights.npz. Empty: the one that ships.")
    nlp_default_region: str = Field(
        "", pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 region for phone numbers where a request names none."
    )

    outside_model_base_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="OpenAI-compatible endpoint, as http://llm:8000/v1, asked where our model is unsure. Empty: none.",
    )
    outside_model_key: SecretStr = Field(SecretStr(""), description="Its bearer token, where it wants one. Secret.")
    outside_model_name: str = Field("", description="The model to ask for.")
    outside_model_seconds: float = Field(0.8, gt=0, le=10, description="Longest wait for its opinion.")
    outside_model_per_minute: int = Field(60, ge=0, description="Most calls to it in a minute, by one replica.")
    outside_model_per_day: int = Field(5000, ge=0, description="Most calls to it in a day, by one replica.")

    nlp_speech: bool = Field(True, description="Hear voice notes where the speech extra is installed (250 MB more).")
    speech_threads: int = Field(2, ge=1, le=64, description="Threads that hear a voice note; as many as cores is best.")
    speech_waiting: int = Field(4, ge=0, le=100, description="Voice notes that may wait; one more is refused.")
    speech_max_seconds: float = Field(120.0, gt=0, le=600, description="Longest voice note that is heard.")
    speech_max_bytes: int = Field(16 * 1024 * 1024, ge=1024, description="Largest voice note (WhatsApp allows 16 MB).")
    tts_engine: Literal["espeak-ng", "espeak", "none"] = Field(
        "espeak-ng", description="Program that speaks, where it is installed."
    )

    def unused(self) -> frozenset[str]:
        """The key is another system's: how long it is, and whether there is one, is not ours to judge."""
        return super().unused() | {"outside_model_key"}
