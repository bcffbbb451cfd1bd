"""What watches the mesh, as code: objectives, alerts, dashboards, and the configurations of the servers for them."""
