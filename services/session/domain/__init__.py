"""The rules of conversations and guests. Pure: no protobuf, no database, no clock of its own."""
