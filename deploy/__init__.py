"""How the mesh is run: on one machine, in containers, on Kubernetes."""
