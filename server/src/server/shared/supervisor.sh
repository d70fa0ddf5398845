# Runs a server that several processes share, until it was unused for SECONDS.
# usage: sh -c "$THIS" xact-shared FOLDER SECONDS POSTGRES [OPTION…]
#
# Each user of the server holds the pipe `users` open, so the kernel reports when the last
# one has ended, however it ended. Before that each adds a byte to the file `arrivals`: a user that
# finds no such file is too late.
# Standard input is a file that stays locked for as long as this shell lives.
folder=$1
linger=$2
shift 2
trap '' HUP
exec 3<&0 </dev/null
"$@" >"$folder/log" 2>&1 3<&- &
server=$!

# Returns when no process holds the pipe. A writer of its own keeps `cat` from waiting for a first user.
until_alone() {
    exec 4<>"$folder/users"
    cat <"$folder/users" >/dev/null 3<&- 4<&- &
    exec 4<&-
    wait $!
}

# A database of a failed test is kept for inspection, for an hour.
kept() {
    [ -n "$(find "$folder/kept" -mmin -60 2>/dev/null)" ]
}

until_unused() {
    while :; do
        arrivals=$(wc -c <"$folder/arrivals")
        until_alone
        sleep "$linger" 3<&- &
        wait $!
        kept && continue
        # A user that came after the first count has changed it, and the users before it were waited for.
        [ "$arrivals" = "$(wc -c <"$folder/arrivals")" ] || continue
        mv "$folder/arrivals" "$folder/closed"
        [ "$arrivals" = "$(wc -c <"$folder/closed")" ] && return
        mv "$folder/closed" "$folder/arrivals"
    done
}

(
    trap 'kill $!; exit' TERM
    until_unused
    # A shell starts background commands with SIGQUIT ignored, and Postgres takes a moment
    # to install its handler: a single signal could be lost.
    tries=0
    while kill -QUIT "$server" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -gt 200 ] && kill -KILL "$server"
        sleep 0.02
    done
) &
watcher=$!
wait "$server"
kill "$watcher" 2>/dev/null
# No process may find half a folder.
mv "$folder" "$folder.ended"
rm -rf "$folder.ended"
