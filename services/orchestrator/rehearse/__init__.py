"""Rehearsals: dialogues of a file played through the whole mesh in one process, with checks after each turn."""
