#!/bin/sh
# data/embed.sh DIR FILE... - writes C source to standard output that holds each DIR/FILE as
#     const char data_policies_default_conf[]      (for data/policies/default.conf)
# byte for byte, with a NUL after it. FILE is a path below DIR; every character of it that no C name may hold becomes _.
# Declare what you use: extern const char data_policies_default_conf[];
set -eu
LC_ALL=C
export LC_ALL

top=$1
shift
echo '/* Made by data/embed.sh. */'
for file; do
    symbol=$(printf '%s' "$file" | tr -c 'A-Za-z0-9' '_')
    printf '\n/* %s */\nextern const char %s[];\nconst char %s[] =\n' "$file" "$symbol" "$symbol"
    # Octal is always three digits, so a digit after it is safe; ? is escaped because of trigraphs.
    od -An -v -tu1 "$top/$file" | awk '
        BEGIN { for (i = 32; i < 127; i++) plain[i] = sprintf("%c", i); plain[34] = "\\\""; plain[92] = "\\\\"; plain[63] = "\\?" }
        {
            for (i = 1; i <= NF; i++) {
                if (!open) { printf "\t\""; open = 1; cols = 0 }
                s = $i == 10 ? "\\n" : ($i in plain) ? plain[$i] : sprintf("\\%03o", $i)
                printf "%s", s
                cols += length(s)
                if ($i == 10 || cols > 100) { print "\""; open = 0 }
            }
        }
        END { print open ? "\"\n\t\"\";" : "\t\"\";" }'
done
