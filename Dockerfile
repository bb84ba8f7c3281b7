# Two stages: the first builds the environment, the second holds only what runs.
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/verbindplaats
COPY constraints.txt ./
RUN /opt/verbindplaats/bin/pip install -c constraints.txt babel
COPY pyproject.toml README.md ./
COPY app app
COPY federation federation
COPY feeds feeds
COPY directory directory
COPY migrations migrations
RUN /opt/verbindplaats/bin/pybabel compile -d app/translations \
 && /opt/verbindplaats/bin/pybabel compile -d app/translations_security -D flask_security \
 && /opt/verbindplaats/bin/pip install -c constraints.txt ".[postgres]" \
 && /opt/verbindplaats/bin/pip uninstall -y pip

FROM python:3.13-slim-trixie
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin verbindplaats \
 && install -d -o verbindplaats -g verbindplaats /data
COPY --from=build /opt/verbindplaats /opt/verbindplaats
WORKDIR /data
ENV PATH=/opt/verbindplaats/bin:$PATH PYTHONUNBUFFERED=1 VERBINDPLAATS_DATA_DIR=/data
USER verbindplaats
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["verbindplaats", "serve", "--host", "0.0.0.0"]
