import type { RecipeDocument } from '../recipe/schema.ts';

/** Runs as any user with a read-only root: it writes under /tmp alone. */
const configuration = `worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr notice;

events {
    worker_connections 1024;
}

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /dev/stdout;
    sendfile on;
    server_tokens off;
    client_body_temp_path /tmp/nginx-body;
    proxy_temp_path /tmp/nginx-proxy;
    fastcgi_temp_path /tmp/nginx-fastcgi;
    uwsgi_temp_path /tmp/nginx-uwsgi;
    scgi_temp_path /tmp/nginx-scgi;
    include /etc/nginx/conf.d/*.conf;
}
`;

const server = `server {
    listen 8080;
    root /usr/share/nginx/html;
    index index.html index.htm;
}
`;

/** nginx without modules, which serves /usr/share/nginx/html on port 8080. */
export function nginxRecipe(): RecipeDocument {
  return {
    from: 'base',
    packages: ['nginx'],
    without: ['iproute2'],
    files: [
      { text: configuration, to: '/etc/nginx/nginx.conf' },
      { text: server, to: '/etc/nginx/conf.d/default.conf' },
    ],
    user: 65532,
    ports: [8080],
    'stop-signal': 'SIGQUIT',
    entrypoint: ['/usr/sbin/nginx', '-e', '/dev/stderr', '-g', 'daemon off;'],
    'ld-cache': true,
  };
}
