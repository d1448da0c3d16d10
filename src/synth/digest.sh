#!/bin/sh
# Prints synth_digest.h: the first 16 digits of the SHA-256 of the tables.
set -eu
digest=$(cat "$@" | sha256sum | cut -c 1-16)
printf '#define SYNTH_DIGEST "%s"\n' "$digest"
