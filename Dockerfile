# The server in an image of its own: the program with the three libraries that it needs, no shell, no root. Build and run it:
#   docker build -t allonym .
#   docker run --rm --read-only --cap-drop ALL -p 127.0.0.1:8019:8019 -v "$PWD/secret.txt:/run/secrets/token:ro" allonym
# User 65532 must be able to read the token.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked
# Not a static program: musl's allocator would cost several threads much of their time.
RUN mkdir /image && cp target/release/allonym /image/ \
    && ldd target/release/allonym | grep -o '/[^ ]*' | xargs -I FILE cp --parents --dereference FILE /image

FROM scratch
COPY --from=build /image /
COPY LICENSE-APACHE LICENSE-MIT /
# Neither root nor anybody of the host.
USER 65532:65532
EXPOSE 8019
STOPSIGNAL SIGTERM
ENTRYPOINT ["/allonym"]
# Inside of a container the outside is another machine: callers send the token.
CMD ["serve", "--listen", "0.0.0.0:8019", "--token", "/run/secrets/token"]
