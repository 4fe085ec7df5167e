#!/bin/sh
# Makes a disk image of the app, to be dragged into Applications.
# usage: packaging/macos/make_dmg.sh dist/mbgui.app dist/mbgui-0.1.0-macos-arm64.dmg
set -eu

fail() {
  printf 'make_dmg: %s\n' "$1" >&2
  exit 1
}

[ $# -eq 2 ] || fail 'usage: make_dmg.sh APP IMAGE'
[ -d "$1/Contents/MacOS" ] || fail "$1 is no app."
command -v hdiutil >/dev/null || fail 'hdiutil is not here: disk images are made on macOS.'

folder=$(mktemp -d "${TMPDIR:-/tmp}/mbgui-dmg.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
cp -Rp "$1" "$folder/mbgui.app"
ln -s /Applications "$folder/Applications"
hdiutil create -volname mbgui -srcfolder "$folder" -fs HFS+ -format UDZO -ov "$2"
