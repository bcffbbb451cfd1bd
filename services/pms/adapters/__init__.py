"""Where the pms service meets stores, files and the wire."""
