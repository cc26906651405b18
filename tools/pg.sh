#!/usr/bin/env bash
# A throw-away PostgreSQL cluster for tests: loopback only, trust, no fsync.
#
#   tools/pg.sh check        exit 0 when a server can be started here
#   tools/pg.sh start        prints two lines: the admin DSN, the cluster's folder
#   tools/pg.sh stop FOLDER  stops it and removes the folder
#   tools/pg.sh hold         prints the DSN, stops when its standard input closes
#
# `hold` ties the cluster to the life of whoever started it: a killed test
# closes the pipe, and no server is left behind.
set -euo pipefail

# bindir prints the newest server's folder; Debian keeps it out of PATH.
bindir() {
	local found
	found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1 || true)
	[ -n "$found" ] || found=$(command -v initdb || true)
	[ -n "$found" ] || return 1
	dirname "$(readlink -f "$found")"
}

# as_server runs a command as somebody PostgreSQL accepts: it refuses root.
as_server() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	elif command -v runuser >/dev/null; then
		runuser -u postgres -- "$@"
	elif command -v setpriv >/dev/null; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		su postgres -s /bin/sh -c "$(printf '%q ' "$@")"
	fi
}

free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		# A refused connection means that nobody listens there.
		if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			echo "$port"
			return
		fi
	done
}

start() {
	local bin port try
	bin=$(bindir) || {
		echo "pg.sh: no PostgreSQL server found; on Debian: apt-get install postgresql" >&2
		exit 1
	}
	dir=$(mktemp -d "${TMPDIR:-/tmp}/xinhuo-pg.XXXXXX")
	trap 'rm -rf "$dir"' EXIT # until it runs, nobody else would clear up
	if [ "$(id -u)" -eq 0 ]; then
		chown postgres "$dir"
	fi
	cd "$dir" # the server's user may not be able to read the caller's folder
	as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.out" 2>&1 || {
		cat "$dir/initdb.out" >&2
		exit 1
	}
	for try in 1 2 3 4 5; do
		port=$(free_port)
		if as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -w -s start -o \
			"-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off \
			-c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c autovacuum=off \
			-c timezone=UTC" >/dev/null 2>&1 </dev/null; then
			trap - EXIT
			echo "postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
			return
		fi
		[ "$try" -lt 5 ] || {
			cat "$dir/data/log" >&2
			exit 1
		}
	done
}

stop() {
	local bin
	bin=$(bindir)
	cd "$1"
	as_server "$bin/pg_ctl" -D "$1/data" -m immediate -s stop >/dev/null 2>&1 || true
	cd /
	rm -rf "$1"
}

case "${1:-}" in
check)
	bindir >/dev/null
	;;
start)
	start
	echo "$dir"
	;;
stop)
	case "${2:-}" in
	*/xinhuo-pg.*) stop "$2" ;;
	*)
		echo "pg.sh: stop needs the folder that start printed" >&2
		exit 2
		;;
	esac
	;;
hold)
	# Ctrl-C reaches the whole group; the end of the pipe is what counts.
	trap '' INT
	start
	cat >/dev/null
	stop "$dir"
	;;
*)
	sed -n '2,9p' "$0" >&2
	exit 2
	;;
esac
