"""Training and evaluation from the utterances in `data/`; nothing here is imported by the running service."""
