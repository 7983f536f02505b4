# The server in an image of its own:
#
#   docker build -t scimd .
#   docker run --rm -p 8080:8080 -v scimd:/var/lib/scimd -e SCIMD_TOKEN="$(openssl rand -hex 32)" scimd
#
# Without a token it refuses to listen on other addresses than loopback, and so to start here.
# docs/operating.md says more.

# The oldest Rust that is supported, which CI builds with.
ARG RUST=1.95
ARG DEBIAN=trixie

FROM rust:${RUST}-slim-${DEBIAN} AS build
# SQLite and ring are compiled from C; the image has a compiler already.
WORKDIR /source
COPY . .
# The folder that is mounted keeps what was built before, so the program is copied out of it.
RUN --mount=type=cache,target=/source/target \
    --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release --locked --package scimd \
    && cp target/release/scimd /usr/local/bin/scimd

FROM debian:${DEBIAN}-slim
# `curl` for the probe; certificates for databases that are reached by TLS. Whatever version
# Debian has is the one with its security fixes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 scimd \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/scimd --shell /usr/sbin/nologin scimd \
    && install --directory --owner scimd --group scimd --mode 0700 /var/lib/scimd
COPY --from=build /usr/local/bin/scimd /usr/local/bin/scimd
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/scimd/

# By number, so that an orchestrator sees that it is not root.
USER 10001:10001
WORKDIR /var/lib/scimd
VOLUME /var/lib/scimd
ENV SCIMD_LISTEN=0.0.0.0:8080 \
    SCIMD_STORE=sqlite:/var/lib/scimd/scimd.db \
    SCIMD_LOG_FORMAT=json
EXPOSE 8080
# Readiness, not liveness: a container is not restarted for a database that is away, only left out.
# With a certificate of its own: `--health-cmd "curl --insecure -fsS https://127.0.0.1:8080/readyz"`.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "--show-error", "http://127.0.0.1:8080/readyz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/scimd"]
