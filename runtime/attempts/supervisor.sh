#!/bin/sh
# Runs one attempt so that it outlives the daemon: supervisor.sh FOLDER STDIN UMASK COMMAND [ARGUMENT ...]
#
# In a session of its own. Takes the attempt by creating FOLDER/claim (exclusively: whoever comes second leaves without
# running anything), with its pid, its start time and the boot id in it; runs the command with files for streams; leaves
# its exit code in FOLDER/exit. TERM does not end it: it goes to the whole group, and the command's exit still counts.
set -u
umask 077
folder=$1
stdin=$2
mask=$3
shift 3

started=
boot=
if [ -r /proc/$$/stat ]; then
	read -r started </proc/$$/stat
	read -r boot </proc/sys/kernel/random/boot_id
else
	started=$(ps -o lstart= -p $$)
	boot=$(sysctl -n kern.boottime 2>/dev/null)
fi

set -C
{ printf '%s\n%s\n%s\nend\n' "$$" "$started" "$boot" >"$folder/claim"; } 2>/dev/null || exit 0
set +C

# A signal that comes while the command runs is dealt with once it has ended: by nothing.
trap : TERM INT HUP
# In the foreground, for a shell makes what it starts in the background deaf to INT and QUIT.
# What belongs to the attempt is private; what the command makes has the mode its user expects.
(umask "$mask" && exec "$@") <"$stdin" >"$folder/stdout.log" 2>"$folder/stderr.log"
code=$?

printf '%s\nend\n' "$code" >"$folder/exit"
