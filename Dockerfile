# The bot as `make run` sets it up, without the development tools.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY requirements.lock ./
RUN pip install --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY cogs ./cogs
RUN pip install --no-deps .

RUN useradd --create-home --uid 10001 backroom && install --directory --owner backroom data
USER backroom
VOLUME /app/data

STOPSIGNAL SIGTERM
ENTRYPOINT ["backroom"]
CMD ["run"]
