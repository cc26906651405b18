#!/usr/bin/env bash
# Everything: lint, the suite on SQLite, the same suite on PostgreSQL, the
# browser. What cannot run here is left out with a word at the end and the
# command that adds it; with STRICT=1 anything left out fails.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

strict=${STRICT:-}
left_out=()
failed=()
done_parts=()

part() { printf '\n== %s\n' "$1"; }

# run NAME COMMAND... notes how a part ended and goes on.
run() {
	local name=$1
	shift
	part "$name"
	if "$@"; then
		done_parts+=("$name")
	else
		failed+=("$name")
	fi
}

leave_out() { left_out+=("$1|$2"); }

# --- what the tests need -------------------------------------------------
missing=()
tools/pg.sh check 2>/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
[ -n "$(find /usr/share/fonts -iname '*CJK*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui)
command -v bwrap >/dev/null || missing+=(bubblewrap)

if [ "${#missing[@]}" -gt 0 ]; then
	if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
		echo "The tests need packages that are not here: ${missing[*]}"
		echo "You are root and apt is here, so they are installed now."
		export DEBIAN_FRONTEND=noninteractive
		log=$(mktemp "${TMPDIR:-/tmp}/xinhuo-apt.XXXXXX")
		if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
			echo "installed."
		else
			tail -n 20 "$log" >&2
			echo "apt could not install them; going on with what is here." >&2
		fi
		rm -f "$log"
	fi
fi

# --- without a browser or a server ---------------------------------------
run "format, vet, generated files" tools/lint.sh
# Run from its own version, so that go.mod does not carry the checker's needs.
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
if go run "$staticcheck" -version >/dev/null 2>&1; then
	run "staticcheck" go run "$staticcheck" ./...
else
	leave_out "staticcheck" "run once with the network: go run $staticcheck -version"
fi
run "suite on SQLite" go test -timeout 40m ./...
# Tests of documents by LibreOffice run within the suite, where they can.
if ! command -v soffice >/dev/null; then
	leave_out "documents by LibreOffice" "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
elif ! bwrap --ro-bind / / --unshare-all true 2>/dev/null; then
	leave_out "documents by LibreOffice" "apt-get install bubblewrap, and let it make name spaces"
fi

# --- PostgreSQL ----------------------------------------------------------
postgres_suite() {
	local admin status=0
	# The server ends when its input closes, so also when this script is killed.
	coproc server { exec tools/pg.sh hold; }
	# shellcheck disable=SC2154 # coproc sets it
	local input=${server[1]} pid=$server_PID
	if ! read -r admin <&"${server[0]}"; then
		return 1
	fi
	XINHUO_TEST_DB=postgres XINHUO_PG_ADMIN=$admin go test -timeout 40m ./... || status=1
	exec {input}>&-
	wait "$pid"
	return "$status"
}
if tools/pg.sh check 2>/dev/null; then
	run "suite on PostgreSQL" postgres_suite
else
	leave_out "suite on PostgreSQL" "apt-get install postgresql"
fi

# --- browser -------------------------------------------------------------
browser_suite() {
	tools/build.sh || return 1
	(
		cd e2e || exit 1
		if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
			npm ci --ignore-scripts --no-audit --no-fund || exit 1
		fi
		npm test
	)
}
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	leave_out "browser tests" "install Node.js 20 or later with npm (apt-get install nodejs npm)"
elif ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
	leave_out "browser tests" "apt-get install chromium fonts-noto-cjk"
else
	run "browser tests" browser_suite
fi

# --- what it came to -----------------------------------------------------
part "result"
for p in "${done_parts[@]}"; do echo "passed    $p"; done
for l in "${left_out[@]}"; do echo "left out  ${l%%|*} - to add it: ${l#*|}"; done
for f in "${failed[@]}"; do echo "failed    $f"; done

bad=${#failed[@]}
if [ -n "$strict" ] && [ "$strict" != 0 ]; then
	bad=$((bad + ${#left_out[@]}))
	[ "${#left_out[@]}" -eq 0 ] || echo "STRICT=1: what was left out counts as failed."
fi
echo
echo "parts: ${#done_parts[@]} passed, $bad failed"
[ "$bad" -eq 0 ]
