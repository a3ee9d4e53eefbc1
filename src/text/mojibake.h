/* mojibake.h - repairing text whose UTF-8 was read as Windows-1252 and encoded once more: "â†’" for "→". Pure. */
#ifndef TPLUS_TEXT_MOJIBAKE_H
#define TPLUS_TEXT_MOJIBAKE_H

#include <stddef.h>

#include "base/str.h"

/* Appends the text to *out, repaired where it shows that pattern; returns how many characters were. Bytes that
 * Windows-1252 does not know (81 8D 8F 90 9D) are often lost on the way: what is left of a character then is looked
 * up in a table of the marks that postmortems use. What cannot be told becomes U+FFFD. Text without the pattern
 * comes out as it was; bytes that are no UTF-8 are read as Windows-1252 and counted, too. */
size_t mojibake_repair(struct str *out, const char *s, size_t n);

#endif
