"""Writes docs/settings.md from the services' settings: `python docs/generate_settings.py > docs/settings.md`, run by
`make gen`. A setting that several services have is told once, under "Every service"."""

from collections.abc import Iterator

from mesh.settings import MeshSettings
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from services.single import PARTS

HEAD = """# Settings

Generated from the services' `settings.py` by `make gen`; edit the descriptions there.

Settings are environment variables. All problems are reported together at the start, and production (`ENV=prod`) refuses
dummy secrets. `python -m services.<name> settings` prints what a service was told. Where each is set on Kubernetes:
[deploy.md](deploy.md).
"""


def table(title: str, fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield from (f"\n## {title}\n", "| variable | default | meaning |", "| --- | --- | --- |")
    for name, field in fields.items():
        yield f"| `{name.upper()}` | {_default(field)} | {_cell(field.description or '')} |"


def _default(field: FieldInfo) -> str:
    match field.default:
        case SecretStr():
            return "a dummy"
        case None | "":
            return ""
        case value:
            return f"`{_cell(str(value))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(HEAD.rstrip())
    print("\n".join(table("Every service", MeshSettings.model_fields)))
    for service, settings, _ in sorted(PARTS):
        own = {name: field for name, field in settings.model_fields.items() if name not in MeshSettings.model_fields}
        print("\n".join(table(service, own)))
