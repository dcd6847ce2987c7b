#!/usr/bin/env bash
# A TAP and cone search server with our rows on http://127.0.0.1:8080: GAVO DaCHS and PostgreSQL of Debian. Needs root,
# the packages gavodachs2-server and postgresql, and a machine on which both are nobody else's. Serves until stopped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
as_dachs() { su dachsroot -c "cd / && dachs $*" >&2; }

read -r version cluster _ state _ < <(pg_lsclusters -h)
server=
finish() {
  [ -z "$server" ] || { kill "$server"; wait "$server" || true; }
  [ "$state" != down ] || pg_ctlcluster "$version" "$cluster" stop -m fast
}
trap finish EXIT
trap 'exit 0' TERM INT
[ "$state" != down ] || pg_ctlcluster "$version" "$cluster" start
# The registry part of DaCHS wants a name of ours
printf '[ivoa]\nauthority: photonbook.test\n[web]\nbindAddress: 127.0.0.1\nserverPort: 8080\n' > /etc/gavo.rc
su dachsroot -c "psql -qAt gavo -c 'SELECT 1 FROM tap_schema.tables LIMIT 1'" > /dev/null 2>&1 || as_dachs init
install -d -o dachsroot -g gavo -m 2775 /var/gavo/inputs/photonbook
python3 "$here/rows.py" /var/gavo/inputs/photonbook/rows.csv
install -o dachsroot -g gavo -m 664 "$here/photonbook.rd" /var/gavo/inputs/photonbook/q.rd
as_dachs imp photonbook/q
as_dachs pub photonbook/q
as_dachs pub //tap
su dachsroot -c "cd / && exec dachs serve debug" >&2 &
server=$!
wait "$server"
