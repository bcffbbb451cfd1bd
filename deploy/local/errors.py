"""What the person at the terminal has to be told; the text is complete and needs no stack trace."""


class LocalError(Exception):
    """A reason the mesh cannot run here, said together with the way out of it."""


class StoreMissingError(LocalError):
    """No server program for a store was found on this machine."""


class StoreFailedError(LocalError):
    """A store's server was found but did not start, or stopped while it was starting."""


class FolderInUseError(LocalError):
    """A living process of ours already works in this folder."""
