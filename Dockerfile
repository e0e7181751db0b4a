# Untested: the machines on which Yuanyi is developed have no Docker engine. `make run` is the tested way to start.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      python3 python3-venv make gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/yuanyi
COPY requirements.lock requirements-uv.lock Makefile ./
COPY bin ./bin
RUN make installed
COPY . .
RUN make messages \
 && useradd --system --create-home --home-dir /var/lib/yuanyi yuanyi
USER yuanyi
ENV MODE=production DATA_DIR=/var/lib/yuanyi HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /var/lib/yuanyi
HEALTHCHECK --start-period=60s CMD \
  [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD [".venv/bin/python", "manage.py", "run"]
