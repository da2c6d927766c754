#!/bin/sh
set -e
celery -A jobs worker --pool solo --loglevel info &
exec python3 web.py
