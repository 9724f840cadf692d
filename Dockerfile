FROM python:3.13-slim-trixie AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir "uv>=0.8,<1"
WORKDIR /app
# Packages first: they change less often than the code, and this layer is kept.
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY packages packages
RUN uv sync --frozen --no-dev --no-install-workspace \
    && find .venv -type d -name tests -prune -exec rm -r {} +
COPY data/mappings data/mappings
COPY data/cities data/cities
COPY geo_service geo_service
# Not editable: else our own code would be compiled anew at each start, for nothing can be kept on a read-only file system.
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, not older than the server's, and age, for `geo-service db backup` and `restore`.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 age libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home geo && install -d -o geo /app/data/run /app/data/run/tmp /backups
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 GEO_HOME=/app/data/run TMPDIR=/app/data/run/tmp XDG_CACHE_HOME=/app/data/run/cache GEO_HOST=0.0.0.0 GEO_PORT=8000
USER geo
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=2s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["geo-service"]
CMD ["serve"]
