# One image for web, worker, beat and migrate; docker-compose.yml says which is which.

FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=massline.settings \
    MASSLINE_HOME=/var/lib/massline
# A volume mounted there takes over whose it is.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin massline \
    && install -d -o massline -g massline -m 0700 /var/lib/massline
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
RUN python -c "from massline import translations; translations.compile_changed()"
# The code stays root's: the programs cannot change it.
USER 10001:10001
EXPOSE 8000
