"""Requests that nobody would send, to every RPC of every service, over the wire and on real stores."""
