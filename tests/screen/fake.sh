#!/bin/sh
# tests/screen/fake.sh - a program for driver.flow: draws (r redraws), echoes in hexadecimal, ends (q).
set -u
saved=$(stty -g)
stty raw -echo
draw() {
    printf '\033[2J\033[H\033[1;7m fake \033[0m %s %s\r\n' "$(stty size)" "$(cut -c 1-10 "$TPLUS_CLOCK")"
    printf '\033[31mred\033[0m \303\274\342\206\222 end\r\n'
}
trap 'stty "$saved"; printf "\033[?1049lbye\r\n"; exit 3' TERM
printf '\033[?1049h\033[?2004h\033[?1000h\033[?1006h'
draw
printf 'ready'
while :; do
    # A read that a signal interrupted is tried again.
    byte=$(dd bs=1 count=1 2>/dev/null | od -An -tx1) || continue
    case $byte in
    '') ;;
    ' 71') break ;;        # q
    ' 72') draw ;;         # r
    ' 0d') printf '\r\n' ;;
    *) printf '<%s>' "${byte# }" ;;
    esac
done
stty "$saved"
printf '\033[?1049l'
exit 7
