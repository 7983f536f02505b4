# Ends what a test process has started when that process is gone, however it went: its end of the
# pipe that is our standard input is closed then.
#
#   folder PATH          PATH is removed at the end
#   started PID SIGNAL   PID is sent SIGNAL at the end, and killed if it does not end of that
#   ended PID            PID is nobody's any more
#   kill PID             PID is killed now, with all that it started; answers "killed"
#
# Needs /proc.

# Ctrl-C is for the tests; their end is ours.
trap '' HUP INT TERM

# Whether process $1 runs no more; it may wait for its parent to notice.
gone() {
    read -r line <"/proc/$1/stat" || return 0
    case ${line##*) } in
    Z* | X*) return 0 ;;
    esac
    return 1
}

await() {
    turns=0
    until gone "$1" || [ "$turns" -ge 500 ]; do
        turns=$((turns + 1))
        sleep 0.01
    done
}

# Kills process $1 and those below it. A generation is stopped before its children are looked for,
# because what is stopped starts no more.
end() {
    family=$1
    young=$1
    while [ -n "$young" ]; do
        kill -STOP $young
        parents=$(echo $young | tr ' ' '|')
        # PID (NAME) STATE PARENT ...
        young=$(grep -lsE "\) [A-Za-z] ($parents) " /proc/[0-9]*/stat | cut -d / -f 3)
        family="$family $young"
    done
    kill -KILL $family
    for pid in $family; do await "$pid"; done
}

forget() {
    left=
    for entry in $started; do
        [ "${entry%:*}" = "$1" ] || left="$left $entry"
    done
    started=$left
}

started=
set --
while read -r what name signal; do
    case $what in
    folder) set -- "$@" "$name" ;;
    started) started="$started $name:$signal" ;;
    ended) forget "$name" ;;
    kill)
        end "$name"
        forget "$name"
        echo killed
        ;;
    esac
done

for entry in $started; do
    case ${entry#*:} in
    KILL) ;;
    *) kill -"${entry#*:}" "${entry%:*}" && await "${entry%:*}" ;;
    esac
    gone "${entry%:*}" || end "${entry%:*}"
done
rm -rf -- "$@"
