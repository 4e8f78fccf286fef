#!/bin/sh
# Gradescope runs this once, when the autograder is built. The project lies in /autograder/source/ordinal.
set -eu
cd "${AUTOGRADER:-/autograder}/source/ordinal"
chmod 700 .                  # the submission runs as another user, who cannot look in here
./go lab library             # installs what is missing and builds
