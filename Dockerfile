# syntax=docker/dockerfile:1
# Build it where it runs: the FFmpeg inside the package node-av holds libfdk_aac, which is not free software and which
# Ritornello never calls. An image with it may be used, but not handed on; so none is published.

FROM node:24-bookworm-slim AS build
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/prepare.mjs scripts/prepare.sh scripts/build.mjs scripts/
COPY src src
# The same step as before `npm start`: installs what package-lock.json says, without development packages, then builds dist/.
RUN --mount=type=cache,target=/root/.npm node scripts/prepare.mjs

# The Node that runs is the pinned one among the packages, as everywhere else; Debian brings only the C library.
FROM debian:bookworm-slim
RUN groupadd --gid 4000 ritornello \
 && useradd --uid 4000 --gid ritornello --no-create-home --home-dir /data --shell /usr/sbin/nologin ritornello \
 && mkdir /data && chown ritornello:ritornello /data && chmod 0711 /data
WORKDIR /app
COPY --from=build /app /app
COPY LICENSE ritornello ./
# `ritornello COMMAND` looks whether the build is older than the sources; the copies above must not make it so.
RUN touch dist/built.json
ENV NODE_ENV=production \
    PATH=/app:/app/node_modules/.bin:$PATH \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=4000
USER ritornello
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/main.js"]
