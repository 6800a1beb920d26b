# The production image: one for web, worker, beat and migrate. Nothing of the build stays in it but its results.

FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY static static
RUN npm run build

FROM python:3.12-slim AS packages
COPY requirements/production.txt /requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /requirements.txt

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DEMONSTRATION=false \
    IRO_VAR=/var/lib/iro \
    BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin iro
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /build/static/build static/build
# The values of this one step are thrown away with it: collecting files asks no server and signs nothing.
RUN SECRET_KEY=only-while-collecting-static-files DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused/0 \
    python manage.py collectstatic --no-input --verbosity 0
USER 10001
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn_settings.py", "iro_service.wsgi:application"]
