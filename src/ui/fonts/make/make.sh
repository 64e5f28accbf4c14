#!/bin/sh
# Makes the woff2 files of this folder's parent from the npm packages of Fontsource. Needs npm and Debian's fonttools and
# python3-brotli. Run it in an empty folder outside the repository; the files are written there.
set -e
here=$(cd "$(dirname "$0")" && pwd)

face() { # OUT PACKAGE@VERSION FILE-PREFIX AXES axis=limits...
  out=$1 package=$2 prefix=$3 axes=$4
  shift 4
  mkdir -p "$out" && npm pack --silent "@fontsource-variable/$package" >/dev/null
  tar xzf "fontsource-variable-$(echo "$package" | tr @ -).tgz" -C "$out" --strip-components=1
  /usr/bin/python3 "$here/merge.py" "$out/files/$prefix-latin-$axes-normal.woff2" \
    "$out/files/$prefix-latin-ext-$axes-normal.woff2" "$out.woff2" "$@"
}

face familjen familjen-grotesk@5.3.0 familjen-grotesk wght wght=400:700
face newsreader newsreader@5.3.0 newsreader opsz wght=400:700 opsz=60
face newsreader-text newsreader@5.3.0 newsreader opsz wght=400:600 opsz=14
face instrument instrument-sans@5.3.0 instrument-sans wght wght=400:700
face martian martian-mono@5.3.0 martian-mono standard wght=400:700 wdth=87.5
face sofia sofia-sans-extra-condensed@5.3.0 sofia-sans-extra-condensed wght wght=400:800
face literata literata@5.3.0 literata opsz wght=400:700 opsz=14
