# The image: the two bundles of `npm run build` on a plain Node, run as a user without rights on a file system
# that may be read-only. The package has no dependencies at run time, so no node_modules is copied.

FROM node:20.19.5-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# Readable for any uid, whatever the umask of the checkout was.
RUN npm run build && chmod -R a+rX dist fixtures package.json LICENSE

FROM node:20.19.5-bookworm-slim
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="apig-mock" \
      org.opencontainers.image.description="Local emulator of Huawei Cloud API Gateway (APIG) and its asynchronous import and export tasks" \
      org.opencontainers.image.source="https://github.com/apig-mock/apig-mock" \
      org.opencontainers.image.documentation="https://github.com/apig-mock/apig-mock#readme" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/fixtures ./fixtures
COPY --from=build /build/dist ./dist
ENV NODE_ENV=production \
    APIG_MOCK_HOST=0.0.0.0
USER 1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 CMD ["node", "/app/dist/cli.js", "health"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
