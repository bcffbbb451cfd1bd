"""The five services as parts of one process, without sockets between them: for one small hotel, rehearsals and tests.

Each service's `build` is the one its own process runs.
"""

from mesh.process import Build
from mesh.settings import MeshSettings

from services.gateway import app as gateway
from services.gateway import settings as gateway_settings
from services.nlp import app as nlp
from services.nlp import settings as nlp_settings
from services.orchestrator import app as orchestrator
from services.orchestrator import settings as orchestrator_settings
from services.pms import app as pms
from services.pms import settings as pms_settings
from services.session import app as session
from services.session import settings as session_settings

# Callees before callers: the gateway comes last and leaves first.
PARTS: list[tuple[str, type[MeshSettings], Build]] = [
    ("nlp", nlp_settings.Settings, nlp.build),
    ("session", session_settings.Settings, session.build),
    ("pms", pms_settings.Settings, pms.build),
    ("orchestrator", orchestrator_settings.Settings, orchestrator.build),
    ("gateway", gateway_settings.Settings, gateway.build),
]
