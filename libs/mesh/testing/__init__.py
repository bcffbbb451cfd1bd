"""The mesh for tests: real services, real chain, no sockets needed, time in the test's hands."""
