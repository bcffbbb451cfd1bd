"""`python -m services`: MESH_MODE=single, all five services in one process."""

from mesh.process import load_or_exit, run

from services.single import PARTS

if __name__ == "__main__":
    raise SystemExit(run([(name, load_or_exit(settings), build) for name, settings, build in PARTS], single=True))
