"""Does a PMS service do what hotel.pms.v1 says? A kit to run against any of them, over gRPC and nothing else.

It needs the generated stubs and grpcio, and imports nothing of this project's services or runtime.
"""
