"""The service's knobs."""

from __future__ import annotations

from mesh.settings import MeshSettings
from pydantic import Field


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
