#!/usr/bin/env bash
# Runs a command beside a Docker engine of its own, on a Debian machine that has none: scripts/images/engine.sh COMMAND …
#
# The engine is Debian's, in a root folder that debootstrap makes. Its mounts, network, processes and control groups are in namespaces that end with it:
# nothing of it is seen outside, and nothing stays. No registry of images is needed: bases.Dockerfile makes those that we build on, under their own names.
# The command sees the checkout as /project, read-only. IMAGES_HOME names a folder that keeps the root for the next run; else it is removed.
set -euo pipefail

readonly suite=trixie
readonly packages=(docker.io docker-cli docker-compose docker-buildx slirp4netns iptables iproute2 python3)
# memory is left out: what runs here stays within the memory of whoever started it
readonly controllers=(cpu cpuacct devices freezer pids)
readonly bases=(python=python:3.13-slim-trixie postgres=postgres:17-trixie caddy=caddy:2)
readonly network=/run/engine.net

fail() { echo "images-test: $*" >&2; exit 3; }

check_machine() {
  [ "$(id -u)" = 0 ] || fail "needs root, or a Docker engine that answers"
  local tool controller
  for tool in debootstrap unshare nsenter pivot_root setpriv; do
    command -v "$tool" >/dev/null || fail "needs $tool (apt-get install debootstrap util-linux), or a Docker engine that answers"
  done
  [ -c /dev/net/tun ] || fail "needs /dev/net/tun, for the network of the containers"
  for controller in "${controllers[@]}"; do
    [ -d "/sys/fs/cgroup/$controller" ] || fail "needs control groups of version 1 ($controller), or a Docker engine that answers"
  done
  unshare --mount --pid --net --cgroup --fork true 2>/dev/null || fail "may make no namespaces here"
}

# Debian as it comes (base.tar, of which the images are made too), and the engine on it.
make_root() {
  local root=$1
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$home/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: $home/debootstrap.log"
  # where the network reads along under a certificate of its own, images trust it as this machine does
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  # as in Debian's own images: what apt fetches does not stay
  echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; }; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' \
    >"$root/etc/apt/apt.conf.d/docker-clean"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  tar --one-file-system -C "$root" -cf "$home/base.tar" .
  mkdir -p "$root/images" "$root/project" "$root/old"
  mv "$home/base.tar" "$root/images/"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service starts by itself
  chmod +x "$root/usr/sbin/policy-rc.d"
  # shellcheck disable=SC2016 # the inner shell reads them
  unshare --mount --pid --fork --kill-child sh -ec '
    root=$1; shift
    mount -t proc proc "$root/proc"
    cp /etc/resolv.conf "$root/etc/"
    chroot "$root" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends "$@"
  ' sh "$root" "${packages[@]}" >"$home/install.log" 2>&1 || fail "could not install the engine: $home/install.log"
  touch "$root/complete"
}

# Control groups of our own: with a namespace of their own the engine sees no others.
join_groups() {
  local controller
  for controller in "${controllers[@]}"; do
    mkdir -p "/sys/fs/cgroup/$controller/$group"
    echo "$BASHPID" >"/sys/fs/cgroup/$controller/$group/cgroup.procs"
  done
}

clean_up() {
  [ -z "${engine:-}" ] || { kill -KILL "$engine" 2>/dev/null && wait "$engine" || true; }
  local controller tries=0
  for controller in "${controllers[@]}"; do
    # a group goes when its last process has ended, a moment later
    while [ -d "/sys/fs/cgroup/$controller/$group" ] && [ $((tries += 1)) -lt 100 ]; do
      find "/sys/fs/cgroup/$controller/$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done
  [ -n "${IMAGES_HOME:-}" ] || rm -rf --one-file-system "$home"
}

start() {
  check_machine
  home=${IMAGES_HOME:-$(mktemp --directory "${TMPDIR:-/tmp}/images-test.XXXXXX")}
  group=images-test-$$
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  mkdir -p "$home"
  [ -e "$home/root/complete" ] || { rm -rf --one-file-system "$home/root"; make_root "$home/root"; }
  (
    join_groups
    # --pdeathsig and --kill-child: whatever ends this script ends the engine
    exec setpriv --pdeathsig KILL unshare --mount --pid --cgroup --fork --kill-child --propagation private \
      "$0" --root "$home/root" "$@"
  ) &
  engine=$!
  local code=0
  wait "$engine" || code=$?
  engine=
  exit "$code"
}

# In namespaces for mounts, processes and control groups: the folder becomes /.
enter_root() {
  local root=$1; shift
  mount --bind "$root" "$root"
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/run"
  mount -t tmpfs tmpfs "$root/tmp"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mount --bind -o ro "$project" "$root/project"
  cd "$root"
  pivot_root . old
  umount --lazy /old
  touch "$network"
  unshare --net="$network" true
  slirp4netns --netns-type=path --configure --mtu=65520 --disable-host-loopback "$network" tap0 >/var/log/slirp4netns.log 2>&1 &
  exec nsenter --net="$network" /project/scripts/images/engine.sh --engine "$@"
}

# In a network of its own, with a way out through slirp4netns.
run_engine() {
  ip link set lo up
  until ip -oneline address show tap0 2>/dev/null | grep -q 'inet '; do sleep 0.1; done
  echo "nameserver 10.0.2.3" >/etc/resolv.conf # slirp4netns's own, which asks those of this machine
  mount -t sysfs -o ro sysfs /sys
  mount -t tmpfs tmpfs /sys/fs/cgroup
  local controller tries=0
  for controller in "${controllers[@]}"; do
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
  done
  dockerd >/var/log/dockerd.log 2>&1 &
  until docker info >/dev/null 2>&1; do
    [ $((tries += 1)) -lt 300 ] || { tail -5 /var/log/dockerd.log >&2; fail "the engine did not start"; }
    sleep 0.2
  done
  make_bases
  cd /
  "$@" # not exec: this shell is the first process, which collects those that end
}

make_bases() {
  has_image debian:trixie-slim ||
    docker import --change "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" /images/base.tar debian:trixie-slim >/dev/null
  local base here=/project/scripts/images
  for base in "${bases[@]}"; do
    has_image "${base#*=}" ||
      docker build --quiet --target "${base%%=*}" --tag "${base#*=}" --file "$here/bases.Dockerfile" "$here" >/dev/null
  done
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

project=$(cd "$(dirname "$0")/../.." && pwd)
case ${1:-} in
  --root) shift; enter_root "$@" ;;
  --engine) shift; run_engine "$@" ;;
  "") fail "say which command to run beside the engine" ;;
  *) start "$@" ;;
esac
