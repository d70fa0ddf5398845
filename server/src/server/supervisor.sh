# Runs one throwaway server for as long as standard input stays open.
# usage: sh -c "$THIS" xact-throwaway FOLDER POSTGRES [OPTION…]
#
# The process that uses the server holds the other end of standard input and never
# writes. However it ends, SIGKILL included, the kernel closes that end, `read` returns,
# and the server is stopped and its folder removed.
folder=$1
shift
exec 3<&0
"$@" >"$folder/log" 2>&1 3<&- </dev/null &
server=$!
(
    read -r _ <&3
    # A shell starts background commands with SIGQUIT ignored, and Postgres takes a moment
    # to install its handler: a single signal could be lost.
    tries=0
    while kill -QUIT "$server" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -gt 200 ] && kill -KILL "$server"
        sleep 0.02
    done
) &
reader=$!
wait "$server"
status=$?
kill "$reader" 2>/dev/null
[ "$status" -eq 0 ] || tail -c 4000 "$folder/log" >&2
rm -rf "$folder"
exit "$status"
