"""The nlp service: what a hotel guest means, in Spanish and English."""
