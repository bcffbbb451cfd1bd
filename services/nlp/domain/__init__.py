"""Pure language understanding: rules, catalogues and their combination with a model's scores. No I/O, no protobuf."""
