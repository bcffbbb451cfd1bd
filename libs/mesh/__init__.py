"""The runtime every service stands on. It knows gRPC and knows no hotel."""

# The version of the whole distribution, for health pages and traces.
__version__ = "0.1.0"
