"""The table of addresses that is printed when the mesh is ready."""

from deploy.local.addresses import Addresses
from deploy.local.run_folder import RunFolder
from deploy.local.terminal import table


def addresses_table(addresses: Addresses, *, run: RunFolder) -> str:
    """Everything a person or another program may want to open, and how to stop it all."""
    url = addresses.http_url
    rows = [
        ("Chat page", f"{url}/"),
        ("Console for staff", f"{url}/console   (`make admin` makes the first account)"),
        ("WhatsApp webhook", f"{url}/webhooks/whatsapp"),
        ("Health", f"{url}/health/ready   {url}/health/live"),
        ("Metrics", f"{url}/metrics"),
    ]
    for replica in addresses.replicas:
        name = "all services" if addresses.single else replica.name
        metrics = f"   metrics http://127.0.0.1:{replica.metrics.number}/metrics" if replica.metrics else ""
        rows.append((f"gRPC {name}", f"{replica.grpc_address}{metrics}"))
    rows += [
        ("Logs", f"{run.logs}   (`make logs`)"),
        ("Databases", f"URLs in {run.path / 'mesh.env'}"),
        ("Stop", "Ctrl-C here, or `make down`"),
    ]
    return f"\nThe hotel is open.\n\n{table([('  ' + name, value) for name, value in rows])}\n"
