"""Linear intent heads over sentence embeddings, hashed words and cues: features, artefact, inference."""
