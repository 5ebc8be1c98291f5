#!/bin/sh
# Makes the product's namespace when it is not there. A failed attempt is tried again by the restart.
set -eu
if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then exit 0; fi
temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
