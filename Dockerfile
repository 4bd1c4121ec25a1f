# The service with what it needs; the export comes at run time:
#   docker build --tag sikap .
#   docker run --publish 127.0.0.1:8000:8000 --volume "$PWD/exports:/app/exports:ro" sikap
FROM python:3.11-slim
RUN useradd --create-home --uid 1000 sikap
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY labels labels
COPY training training
COPY scripts scripts
COPY configs configs
# Editable, as the programs read configs/ where it stands.
RUN pip install --no-cache-dir --constraint constraints.txt --editable '.[serve,service]'
USER sikap
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health')"]
# Inside the container every address listens; --publish decides who reaches it.
ENTRYPOINT ["python", "scripts/serve_model.py", "host=0.0.0.0"]
