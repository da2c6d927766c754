#!/bin/sh
set -eu
: "${PORT:=80}"
templates=/etc/template

log() {
    echo "$(basename "$0"): $*" >&2
}

find "$templates" -type f -name '*.template' | sort | while read -r file; do
    name=$(basename "$file" .template)
    log "writing $name"
    envsubst '$PORT $GREETING' < "$file" > "/etc/nginx/$name"
done
if command -v nproc > /dev/null; then
    sed -i "s/^worker_processes .*/worker_processes 1;/" /etc/nginx/nginx.conf
fi
date -u -d @0 +%Y-%m-%d > /srv/site/started
case "$1" in
    -*) set -- nginx "$@" ;;
esac
exec "$@"
