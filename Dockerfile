# syntax=docker/dockerfile:1
# The portal as a small image that runs without root. It needs a PostgreSQL server: see
# docker-compose.yml.

FROM rust:1-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release --bin wijzer && cp target/release/wijzer /wijzer

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates hunspell-nl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/wijzer --create-home wijzer
COPY --from=build /wijzer /usr/local/bin/wijzer
COPY data/deventer /usr/share/wijzer/deventer
USER wijzer
ENV WIJZER_LISTEN=0.0.0.0:8080 \
    WIJZER_DATA_DIR=/var/lib/wijzer
VOLUME /var/lib/wijzer
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["wijzer", "health"]
CMD ["wijzer"]
