#!/usr/bin/env bash
# `make run` on a machine that has nothing yet: a bare Debian or Ubuntu that debootstrap makes in a temporary folder,
# with Python, make, git and sudo, without venv, system libraries and package lists.
#
#   sudo tests/support/bare_machine.sh [SUITE [MIRROR [debootstrap's own options]]]
#
# By default this machine's own release, from the mirror that its apt uses. PORT and RTSP_PORT choose the ports (8090,
# 8690). Of the repository it takes what is committed. Needs root, debootstrap, 4 GB in TMPDIR and 5 minutes or more.
set -euo pipefail

if [ "${INSIDE:-}" != 1 ]; then
  # Namespaces of its own: with the one child all its processes and mounts end, whatever happens.
  folder=$(mktemp -d "${TMPDIR:-/tmp}/sidak-bare.XXXXXX")
  trap 'pkill -KILL -P $$ || true; rm -rf --one-file-system "$folder"' EXIT
  INSIDE=1 unshare --mount --pid --fork --kill-child --mount-proc "$0" "$folder" "$@"
  exit
fi

folder=$1
suite=${2:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
# shellcheck disable=SC2016  # apt fills in these
mirror=${3:-$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
  sed -n "s/^$suite //p" | head -n 1)}
repository=$(cd "$(dirname "$0")/../.." && pwd)
port=${PORT:-8090} rtsp=${RTSP_PORT:-8690}
components=main recipe=sid # debootstrap's, the same for all releases; an older one does not know every name
if [[ $mirror == *ubuntu* ]]; then components=main,universe recipe=gutsy; fi

say() { printf '  %-62s %4d s\n' "$1" "$SECONDS"; }
fail() {
  printf '%s\n' "$1"
  tail -n 40 "$folder/output"
  exit 1
}

# new_machine NAME: from here on `as` speaks to it.
new_machine() {
  machine="$folder/$1"
  cp -a "$folder/base" "$machine"
  mount -t proc proc "$machine/proc"
  mount -t sysfs -o ro sysfs "$machine/sys"
  mount -t tmpfs tmpfs "$machine/dev/shm"
}

# as USER COMMAND: what that user types in the checkout.
as() {
  local home
  home=$(chroot "$machine" sh -c "echo ~$1")
  chroot --userspec="$1" "$machine" env -i "${given[@]}" LANG=C.UTF-8 HOME="$home" PORT="$port" RTSP_PORT="$rtsp" \
    HEALTH_TOKEN=bare-machine \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -c "cd $home/sidak && $2" \
    </dev/null >"$folder/output" 2>&1
}

health() {
  chroot "$machine" python3 -c "if True:
    from urllib.request import Request, urlopen
    asked = Request('http://127.0.0.1:$port/healthz', headers={'Authorization': 'Bearer bare-machine'})
    print(urlopen(asked).read().decode())" 2>/dev/null || true
}

# run_until_staffed USER: make run, a live board, and a Ctrl-C that leaves nothing behind.
run_until_staffed() {
  set -m # a process group of its own, as on a terminal
  as "$1" "make run" &
  set +m
  local run=$! began=$SECONDS seen left
  until seen=$(health) && [[ $seen == *'"status": "ok"'* && $seen =~ \"staffed\":\ ([1-9][0-9]) ]]; do
    kill -0 "$run" 2>/dev/null || fail "make run ended:"
    [ $((SECONDS - began)) -lt 900 ] || fail "No live board, only ${seen:-silence}:"
    sleep 1
  done
  say "as $1: make run, a live board, ${BASH_REMATCH[1]} counters staffed"
  kill -INT -- "-$run"
  wait "$run" || true
  grep -q '^  Stopped$' "$folder/output" || fail "Ctrl-C did not end it well:"
  left=$(find /proc/[0-9]* -maxdepth 1 -name root -lname "$machine" 2>/dev/null || true) # who lives in there
  [ -z "$left" ] || fail "Ctrl-C left behind: $left"
  say "as $1: Ctrl-C left nothing behind"
}

given=()
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_CERT; do
  if [ -n "${!name:-}" ]; then given+=("$name=${!name}"); fi
done

included=ca-certificates,git,make,python3,sudo
debootstrap --variant=minbase --components="$components" --include="$included" "${@:4}" \
  "$suite" "$folder/base" "$mirror" "$recipe" >"$folder/output" || fail "debootstrap:"
# How this machine reaches the network.
cp /etc/resolv.conf /etc/hosts "$folder/base/etc/"
cp -r /etc/apt/apt.conf.d "$folder/base/etc/apt/"
cp /etc/ssl/certs/ca-certificates.crt "$folder/base/etc/ssl/certs/"
if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$folder/base/etc/"; fi
rm -rf "$folder"/base/var/lib/apt/lists/*
printf "deb $mirror %s ${components/,/ }\n" "$suite" "$suite-updates" >"$folder/base/etc/apt/sources.list"
chroot "$folder/base" useradd --create-home ani
echo 'ani ALL=(ALL) NOPASSWD: ALL' >"$folder/base/etc/sudoers.d/ani"
for home in home/ani root; do
  git -c advice.detachedHead=false clone -q --no-local "$repository" "$folder/base/$home/sidak"
done
chroot "$folder/base" chown -R ani:ani /home/ani
say "a bare $suite with $(chroot "$folder/base" python3 --version)"

new_machine of_ani
! as ani "make run" || fail "make run needed nothing:"
line=$(sed -n 's/.* Run: \(sudo apt-get .*\)/\1/p' "$folder/output")
[ "$(grep -cv '^make: ' "$folder/output")" = 1 ] || fail "Not one line:"
[ -n "$line" ] || fail "A line, and nothing in it to type:"
printf '    %s\n' "$line"
as ani "$line" || fail "The printed line failed:"
say "as ani: typed as printed"
run_until_staffed ani

new_machine of_root
mkdir -p "$machine/root/sidak/var"
cp -r "$folder/of_ani/home/ani/sidak/var/footage" "$machine/root/sidak/var/" # a minute of rendering saved
run_until_staffed root
