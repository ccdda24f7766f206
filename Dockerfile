# Runboard's web server or watcher; compose.yml runs both beside PostgreSQL.
FROM python:3.13-slim

# ffmpeg draws the posters of films.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/runboard
COPY requirements.txt requirements-postgres.txt ./
RUN pip install --no-cache-dir -r requirements.txt -r requirements-postgres.txt
COPY manage.py ./
COPY dashboard dashboard
COPY templates templates
COPY static static
RUN useradd --system runboard && mkdir -p var/files && chown -R runboard var
USER runboard

ENV PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["python", "manage.py", "serve"]
