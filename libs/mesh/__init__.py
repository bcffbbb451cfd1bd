"""The runtime every service stands on. It knows gRPC and knows no hotel."""
