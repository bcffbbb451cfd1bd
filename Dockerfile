# One image per service: docker build --build-arg SERVICE=pms -t agente-hotelero/pms:0.1.0 .
#
# An image holds one service, libs/ and what the service's own hash-pinned lock names, on a Python base image.
# BASE may be any image with python3 (3.11 or newer) and its venv module; LOCK is another lock of the same service.
ARG BASE=python:3.12.12-slim-bookworm
ARG SERVICE

FROM ${BASE} AS dependencies
ARG SERVICE
ARG LOCK=${SERVICE}
# Where pip finds packages, for builds behind a mirror; never part of the image.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_CERT
COPY requirements/${LOCK}.lock /requirements.lock
# Byte code is checked by content and not by time, so that the same sources make the same image.
RUN python3 -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile --require-hashes -r /requirements.lock \
    && /venv/bin/python -m pip uninstall --yes --quiet pip setuptools \
    && /venv/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /venv/lib

FROM ${BASE} AS runtime
ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="agente-hotelero/${SERVICE}" \
      org.opencontainers.image.description="The ${SERVICE} service of Agente Hotelero" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=dependencies /venv /venv
COPY libs /app/libs
COPY services/__init__.py /app/services/__init__.py
COPY services/${SERVICE} /app/services/${SERVICE}
# The root file system is read-only when it runs: nothing is compiled then, and only /tmp may be written.
RUN /venv/bin/python -m compileall -q -f --invalidation-mode unchecked-hash /app
# An image takes itself for production, where dummy secrets are refused, until it is told otherwise.
ENV ENV=prod \
    PATH=/venv/bin:$PATH \
    PYTHONPATH=/app:/app/libs \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GRPC_HOST=0.0.0.0 \
    GRPC_PORT=8080 \
    METRICS_PORT=9090
WORKDIR /app
# A number and not a name: runAsNonRoot can be checked by it.
USER 10001:10001
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["python", "-m", "mesh.probe"]

# Exec form: the service is process 1 and gets SIGTERM itself.
FROM runtime AS gateway
ENV HTTP_HOST=0.0.0.0 HTTP_PORT=8000
EXPOSE 8000
ENTRYPOINT ["python", "-m", "services.gateway"]

FROM runtime AS nlp
ENTRYPOINT ["python", "-m", "services.nlp"]

FROM runtime AS session
ENTRYPOINT ["python", "-m", "services.session"]

FROM runtime AS pms
ENTRYPOINT ["python", "-m", "services.pms"]

FROM runtime AS orchestrator
ENTRYPOINT ["python", "-m", "services.orchestrator"]

# hadolint ignore=DL3006
FROM ${SERVICE}
