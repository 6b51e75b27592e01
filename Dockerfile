# The image of the server: docker build --tag vertebra .
# It holds one program and no PostgreSQL, so it needs DATABASE_URL; docker-compose.yml has both.

FROM rust:1-slim-bookworm AS build
WORKDIR /source
COPY . .
# The caches outlive the layer: a later build compiles only what has changed.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked && \
    cp target/release/vertebra /usr/local/bin/vertebra

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Vertebra" \
      org.opencontainers.image.description="A content backend for a clinic's patient-facing apps" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"

# To check the certificate of a PostgreSQL elsewhere.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/local/bin/vertebra /usr/local/bin/vertebra

# Inside of a container the loopback address reaches nobody. Port 8081 (health, metrics) is not
# exposed: only the operator may publish it, and never to the public.
# Without a home the program asks for DATABASE_URL, where it would else try to start a private
# PostgreSQL, whose data would go with the container.
ENV HOME="" \
    VERTEBRA_BIND=0.0.0.0:8080 \
    VERTEBRA_OPS_BIND=0.0.0.0:8081
EXPOSE 8080

# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM

# Whether the process answers. Not whether it is ready: a database that is away is no reason to
# restart it. bash speaks TCP, so the image needs no other program.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /livez HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 2 _ status _ <&3 && [ \"$status\" = 200 ] || exit 1"]

ENTRYPOINT ["vertebra"]
CMD ["serve"]
