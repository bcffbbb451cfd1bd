"""The five services. They never import each other; `python -m services` runs all five in one process."""
