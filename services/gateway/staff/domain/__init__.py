"""Rules of staff without I/O."""
